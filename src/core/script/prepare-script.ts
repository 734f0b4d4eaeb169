import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { monotonicNowMs } from '../../shared/clock.js'
import { isOnAllCores } from '../../shared/domain/measurement-ids.js'
import { TandemError } from '../../shared/errors.js'
import { machineCount } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { commandText, type Script } from '../../shared/script/script.js'
import { saidBatchOfRank } from '../../shared/script/script-counting.js'
import { formatQuantity } from '../../shared/text/format.js'
import { detectGpus } from '../devices/gpus.js'
import { detectInventory } from '../devices/inventory.js'
import { detectMachine } from '../devices/machine.js'
import {
  type ComputeInventory,
  type ResolvedDevices,
  resolveDevices,
  usableCores,
} from '../devices/resolve.js'
import { findOnPath } from '../engine/python.js'
import { activatedPythons } from '../engine/pytorch/find-pytorch.js'
import { newRunId } from '../history/run-folder.js'
import { joinScriptMachines } from '../machines/join-script-machines.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { readLink } from '../machines/read-link.js'
import { planMeasurements } from '../run/measurement-plan.js'
import type { PreparedRun } from '../run/prepare-run.js'
import { assertMeasurable, commandFor, isPython, scriptFileOf } from './script-command.js'
import type { ScriptSetup } from './script-jobs.js'

export interface ScriptPreparation {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  tandemVersion: string
  /** `--python`. */
  python?: string | undefined
  /** The other machines, where ranks are on several. */
  machines?: OtherMachines | undefined
  signal?: AbortSignal
  /** Which of them are waited for, for people. */
  onWaiting?: (text: string) => void
}

/**
 * Turns a script and what was chosen about it into a run like any other: one measurement for each number of ranks. Whatever
 * can be refused is refused here, before anything of it is started.
 *
 * Throws `script-missing`, `script-isolated`, `devices-unavailable`, `python-missing` and `usage`; over several machines what
 * `joinScriptMachines` throws, too.
 */
export async function prepareScript(
  configuration: RunConfiguration,
  script: Script,
  options: ScriptPreparation,
): Promise<PreparedRun> {
  assertStartable(script)
  const { machines } = options
  if (machines !== undefined) assertOverMachines(script)
  const detection = detectGpus(options.environment)
  const [inventory, machine] = await Promise.all([detectInventory(detection), detectMachine(detection)])
  const here = scriptDevices(configuration.devices, script, inventory, machines?.nodes)
  const setup = await setUp(script, options)
  const joined =
    machines === undefined
      ? null
      : await joinScriptMachines(
          machines,
          { configuration, script, devices: here, python: setup.python, environment: options.environment },
          options,
        )
  const devices = joined?.devices ?? here
  const plan = (settings: RunConfiguration): Measurement[] => planRanks(settings, script, devices)
  const measurements = plan(configuration)
  // What is wrong with a placeholder is said now.
  for (const { worldSize } of measurements) commandFor(script, worldSize, setup.python)
  return {
    runId: newRunId(new Date(monotonicNowMs())),
    configuration,
    machine: {
      ...machine,
      tandemVersion: options.tandemVersion,
      nodeVersion: process.versions.node,
      tensorflowVersion: null,
      ...(machines !== undefined && { link: await readLink(machines.own.interfaceName) }),
    },
    ...(joined !== null && { otherMachines: joined.passports }),
    backends: [{ name: 'pytorch', python: setup.python, trainer: '', gpuThreads: setup.gpuThreads }],
    scriptSetup: setup,
    data: { kind: 'synthetic', trainSamples: 1, testSamples: 1 },
    dataSize: { trainSamples: Number.MAX_SAFE_INTEGER, testSamples: 0 },
    baseDevice: devices.base,
    measurements,
    plan,
    notes: [...notesOf(script, here), ...(joined?.notes ?? [])],
    gpuProblems: [...(inventory.gpuProblems ?? [])],
  }
}

function planRanks(settings: RunConfiguration, script: Script, devices: ResolvedDevices): Measurement[] {
  return planMeasurements({ configuration: settings, devices, engines: ['pytorch'] })
    .filter((planned) => !isOnAllCores(planned))
    .map((planned) => {
      const { worldSize } = planned
      const perDeviceBatchSize = batchOfRank(script, worldSize) ?? 1
      return {
        ...planned,
        ...(worldSize > 1 && { title: titleOf(planned, devices) }),
        perDeviceBatchSize,
        globalBatchSize: perDeviceBatchSize * worldSize,
      }
    })
}

function titleOf({ worldSize, devices }: Measurement, all: ResolvedDevices): string {
  const ranks = formatQuantity(worldSize, 'rank')
  return machineCount(all.devices) > 1
    ? `${ranks}, ${formatQuantity(machineCount(devices), 'machine')}`
    : ranks
}

/**
 * The devices of this machine for a script: GPUs where there are as many as ranks at most, else CPU devices. Over several
 * machines each has the same share of the largest number of ranks.
 *
 * Throws `devices-unavailable`, and `usage` for ranks that cannot be shared so.
 */
export function scriptDevices(
  kind: RunConfiguration['devices'],
  { worlds }: Script,
  inventory: ComputeInventory,
  machines = 1,
): ResolvedDevices {
  const flag = `--devices ${worlds.join(',')}`
  const most = Math.max(...worlds) / machines
  if (!Number.isInteger(most)) throw uneven(flag, machines)
  const { cores, gpus } = inventory
  if (kind !== 'cpu' && gpus.length >= most) {
    const indexes = gpus.slice(0, most).map(({ index }) => index)
    return resolveDevices(`gpu:${indexes.join(',')}`, inventory, { cuda: true })
  }
  if (kind === 'gpu' || (kind === 'auto' && gpus.length > 0)) {
    const problem = `this machine has ${formatQuantity(gpus.length, 'GPU')}`
    throw unavailable(flag, problem, 'Measure fewer, or on the processor: --device-kind cpu')
  }
  if (cores.length < most)
    throw unavailable(flag, usableCores(inventory), 'See what there is with: tandem devices')
  return resolveDevices(`cpu:${most}`, inventory, { cuda: false })
}

function uneven(flag: string, machines: number): TandemError {
  return new TandemError({
    code: 'usage',
    message: `${flag}: the largest number of ranks is over all ${machines} machines, each with as many`,
    hint: `Make it a multiple of ${machines}; the numbers before it are on as few machines as hold them.`,
  })
}

/** Throws `usage` for what one machine alone can do. */
export function assertOverMachines({ launcher, command, isInScratch }: Script): void {
  if (launcher === 'command') {
    throw new TandemError({
      code: 'usage',
      message: `${basename(command[0] ?? '')} starts its ranks itself; over several machines Tandem starts them, on each as many as --devices says`,
      hint: 'Type the script as one rank is started, on every node, as in: tandem measure … -- python train.py. It finds RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT set, as under torchrun. Where the command starts one rank already, add: --launcher tandem',
    })
  }
  if (isInScratch) {
    throw new TandemError({
      code: 'usage',
      message: '--scratch: a copy of the folder is made on one machine only',
      hint: 'Leave --scratch out, or copy the folder on every node yourself and name it with --folder.',
    })
  }
}

function unavailable(flag: string, problem: string, hint: string): TandemError {
  return new TandemError({
    code: 'devices-unavailable',
    message: `${flag}: each rank needs a device of its own, and ${problem}`,
    hint,
  })
}

/** Throws `script-isolated`, and `script-missing`. */
export function assertStartable(script: Script): void {
  assertMeasurable(script.command)
  assertThere(script)
}

/** Throws `script-missing` for a folder or a file of Python that is not there. */
function assertThere({ command, folder }: Script): void {
  if (!isFolder(folder)) throw missing(`${folder} is no folder`, 'Name another with --folder.')
  const file = scriptFileOf(command)
  if (file === null || /[{}]/.test(file) || existsSync(resolve(folder, file))) return
  throw missing(`there is no ${file} in ${folder}`, 'Name the folder that it starts in with --folder.')
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function missing(problem: string, hint: string): TandemError {
  return new TandemError({ code: 'script-missing', message: problem, hint })
}

/** Finds what a script is started with. Throws `python-missing` and `script-missing`. */
export async function setUp(
  script: Script,
  {
    python,
    environment,
    resourcesDirectory,
  }: Pick<ScriptPreparation, 'python' | 'environment' | 'resourcesDirectory'>,
): Promise<ScriptSetup> {
  const [program = ''] = script.command
  const found = await pythonFor(program, script.folder, python, environment)
  if (found === null) {
    throw new TandemError({
      code: 'python-missing',
      message: 'no Python was found: none is on PATH',
      hint: 'Name the one that has PyTorch: --python FILE.',
    })
  }
  return {
    python: found,
    resourcesDirectory,
    pythonPath: environment.PYTHONPATH,
    gpuThreads: Math.max(1, Math.floor(availableParallelism() / 8)),
  }
}

/** The one that was named, the command's own, the one beside its launcher, the activated one, the one on PATH. */
async function pythonFor(
  program: string,
  folder: string,
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  if (named !== undefined) return await programFile(named, folder, environment)
  const own = await programFile(program, folder, environment)
  if (own === null) throwUnlessPythonFile(program)
  if (own !== null && isPython(program)) return own
  const names = process.platform === 'win32' ? ['python.exe'] : ['python', 'python3']
  const beside = own === null ? [] : names.map((name) => join(dirname(own), name))
  const [found] = [...beside.filter((file) => existsSync(file)), ...activatedPythons(environment)]
  return found ?? (await findOnPath('python3', environment)) ?? (await findOnPath('python', environment))
}

function throwUnlessPythonFile(program: string): void {
  if (/\.py$/i.test(program)) return
  throw missing(`there is no program ${program}`, 'See that it is on PATH, or name its file.')
}

async function programFile(
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  if (!/[\\/]/.test(name)) return /\.py$/i.test(name) ? null : await findOnPath(name, environment)
  const file = resolve(folder, name)
  return existsSync(file) && !/\.py$/i.test(file) ? file : null
}

/** What a rank trains on in a step, as far as it was said; throws `usage` where a global batch does not divide. */
function batchOfRank(script: Script, worldSize: number): number | null {
  const own = saidBatchOfRank(script, worldSize)
  if (own === null || Number.isInteger(own)) return own
  throw new TandemError({
    code: 'usage',
    message: `--global-batch ${script.globalBatch} does not divide over ${formatQuantity(worldSize, 'rank')}`,
    hint: `Choose a multiple of ${worldSize}.`,
  })
}

function notesOf(script: Script, devices: ResolvedDevices): string[] {
  const starts = script.launcher === 'tandem' ? 'Tandem starts its ranks' : 'it starts its ranks itself'
  const opens =
    script.launcher === 'command'
      ? ['What its launcher listens on is its own affair: torchrun opens a port.']
      : []
  return [
    `Script: ${commandText(script)}`,
    `Folder: ${script.folder}; ${starts}`,
    ...opens,
    script.isInScratch
      ? 'The script runs in a copy of its folder: what it writes there is removed. What it writes elsewhere stays.'
      : 'The script runs as it is: what it writes, checkpoints too, it writes now as well.',
    `Devices: ${formatQuantity(devices.devices.length, devices.kind === 'gpu' ? 'GPU' : 'CPU device')}, one a rank`,
    ...devices.notes,
  ]
}
