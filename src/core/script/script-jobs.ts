import { delimiter, join } from 'node:path'
import type { ScriptShare, TrainerJob, TrainerProgram } from '../../shared/child/trainer-protocol.js'
import { type Device, machineOf } from '../../shared/machine/device.js'
import type { Script } from '../../shared/script/script.js'
import { loopbackOnly, onlyInterface, pytorchThreads, visibleGpus } from '../run/pytorch-job.js'
import { commandFor } from './script-command.js'

/** What scripts of a run are started with, beside what was chosen. */
export interface ScriptSetup {
  /** Starts files of Python, and the ranks of a script that starts none itself. */
  python: string
  /** Tandem's own resources. */
  resourcesDirectory: string
  /** What Python looked for modules in without Tandem. */
  pythonPath: string | undefined
  /** Of the processor, for a rank that trains on a GPU: the same at every world size. */
  gpuThreads: number
}

/** Where ranks on several machines meet, and which of them a machine has. */
export interface ScriptMeeting {
  share: ScriptShare
  address: string
  port: number
  /** By which this machine reaches the others. */
  interfaceName: string
}

/**
 * How the ranks of a measurement that are on one machine are started: one command for all of them. A Python program of its
 * own starts them where neither a launcher nor the script does.
 *
 * @param devices of that machine
 * @param meeting null where all ranks are on one
 */
export function scriptProgram(
  script: Script,
  { devices, worldSize }: { devices: readonly Device[]; worldSize: number },
  setup: ScriptSetup,
  meeting: ScriptMeeting | null = null,
): TrainerProgram {
  const command = commandFor(script, worldSize, setup.python)
  const launch = join(setup.resourcesDirectory, 'script-probe', 'launch.py')
  const isLaunchedHere = script.launcher === 'tandem' && worldSize > 1
  return {
    command: isLaunchedHere
      ? [setup.python, launch, ...meetingWords(meeting), String(worldSize), ...command]
      : command,
    environment: scriptEnvironment(devices, setup, meeting),
    workingDirectory: script.folder,
  }
}

function meetingWords(meeting: ScriptMeeting | null): string[] {
  if (meeting === null) return []
  const { share, address, port } = meeting
  return [
    ...['--node', String(share.machine), '--nodes', String(share.machines)],
    ...['--first-rank', String(share.firstRank), '--ranks', String(share.ranks)],
    ...['--address', address, '--port', String(port)],
  ]
}

function scriptEnvironment(
  devices: readonly Device[],
  setup: ScriptSetup,
  meeting: ScriptMeeting | null,
): Record<string, string> {
  const probe = join(setup.resourcesDirectory, 'script-probe')
  const [first] = devices
  return {
    PYTHONPATH: [probe, ...(setup.pythonPath ? [setup.pythonPath] : [])].join(delimiter),
    PYTHONUNBUFFERED: '1',
    // torchrun sets one where nobody has, and plain Python takes all: that would compare two things at once.
    OMP_NUM_THREADS: String(pytorchThreads(first === undefined ? [] : [first], setup.gpuThreads)),
    TANDEM_CORES: devices.every(({ cores }) => cores.length > 0)
      ? devices.map(({ cores }) => cores.join(',')).join(';')
      : '',
    ...visibleGpus(devices),
    ...(meeting === null ? loopbackOnly(process.platform) : onlyInterface(meeting.interfaceName)),
  }
}

/** What the probe of each rank is told. */
export function scriptJob(
  { steps, warmUpSteps, startSeconds }: Script,
  share: ScriptShare | null = null,
): NonNullable<TrainerJob['script']> {
  return { steps, warmUp: warmUpSteps, startMs: 1000 * startSeconds, ...(share !== null && { share }) }
}

/**
 * The machines' parts in a measurement of a script, in the order of its devices; empty where one machine has all of them.
 *
 * @param group tells this measurement from all others
 */
export function sharesOf(devices: readonly Device[], group: string): ScriptShare[] {
  const machines = [...new Set(devices.map(machineOf))]
  if (machines.length < 2) return []
  return machines.map((machine) => ({
    group,
    machine,
    machines: machines.length,
    firstRank: devices.findIndex((device) => machineOf(device) === machine),
    ranks: devices.filter((device) => machineOf(device) === machine).length,
  }))
}
