import { delimiter, join } from 'node:path'
import type { TrainerJob, TrainerProgram } from '../../shared/child/trainer-protocol.js'
import type { Device } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { Script } from '../../shared/script/script.js'
import { loopbackOnly, pytorchThreads, visibleGpus } from '../run/pytorch-job.js'
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

/**
 * How the ranks of a measurement are started: one command for all of them. A Python program of its own starts them where
 * neither a launcher nor the script does.
 */
export function scriptProgram(
  script: Script,
  { devices, worldSize }: Measurement,
  setup: ScriptSetup,
): TrainerProgram {
  const command = commandFor(script, worldSize, setup.python)
  const launch = join(setup.resourcesDirectory, 'script-probe', 'launch.py')
  const isLaunchedHere = script.launcher === 'tandem' && worldSize > 1
  return {
    command: isLaunchedHere ? [setup.python, launch, String(worldSize), ...command] : command,
    environment: scriptEnvironment(devices, setup),
    workingDirectory: script.folder,
  }
}

function scriptEnvironment(devices: readonly Device[], setup: ScriptSetup): Record<string, string> {
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
    ...loopbackOnly(process.platform),
  }
}

/** What the probe of each rank is told. */
export function scriptJob({ steps, warmUpSteps, startSeconds }: Script): NonNullable<TrainerJob['script']> {
  return { steps, warmUp: warmUpSteps, startMs: 1000 * startSeconds }
}
