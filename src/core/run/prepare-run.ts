import type { DataSource, TrainerBackend } from '../../shared/child/trainer-protocol.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { type EngineName, engines as engineTable } from '../../shared/domain/engines.js'
import { baseStrategy, strategies } from '../../shared/domain/strategies.js'
import { TandemError } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import type { Measurement, Results } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { formatQuantity } from '../../shared/text/format.js'
import { detectGpus } from '../devices/gpus.js'
import { detectInventory } from '../devices/inventory.js'
import { detectMachine } from '../devices/machine.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import { searchEngine } from '../engine/locate.js'
import { newRunId } from '../history/run-folder.js'
import { joinMachines } from '../machines/join-machines.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { readLink } from '../machines/read-link.js'
import type { ScriptSetup } from '../script/script-jobs.js'
import { assertPossible, chooseEngines, type EngineChoice, mayUseTensorFlow } from './choose-engine.js'
import { passportOf, readableByAll } from './engine-needs.js'
import { planMeasurements } from './measurement-plan.js'
import { type DataOptions, resolveData } from './resolve-data.js'
import { assertDevices, assertSweepFits, resolveRunDevices } from './run-devices.js'
import { assertSlowRank } from './slow-rank.js'

/** A run that was checked and planned; nothing was started yet. */
export interface PreparedRun {
  runId: string
  configuration: RunConfiguration
  machine: Results['machine']
  /** Of node 1 and those after it; absent for a run on one machine. */
  otherMachines?: Results['otherMachines']
  /** Of the engines that are measured; the first is the one that calibrates. */
  backends: readonly TrainerBackend[]
  /** What a script is started with; absent for Tandem's own training. */
  scriptSetup?: ScriptSetup
  data: DataSource
  dataSize: { trainSamples: number; testSamples: number }
  /** Single's device. */
  baseDevice: Device
  measurements: Measurement[]
  /** What would be measured with other batches, on the same devices. */
  plan(configuration: RunConfiguration): Measurement[]
  /** For people: the engine and why, and what to know about the devices. */
  notes: string[]
  /** What is wrong with GPUs that the run cannot use, or hides them. */
  gpuProblems: string[]
}

export interface PreparationOptions extends EngineChoice, DataOptions {
  tandemVersion: string
  /** The world size that was asked for, as with torchrun; a group of one is allowed then. */
  processes?: number
  /** The other machines of a run over several. */
  machines?: OtherMachines
  /** Which of them are waited for, for people. */
  onWaiting?: (text: string) => void
}

/**
 * Turns what a person chose into a plan: finds the engine, the devices and the data, and checks that they
 * fit together. Whatever is wrong with the choice is thrown here, before any trainer is started, as a
 * TandemError that names the flag or file, its value and what is allowed.
 */
export async function prepareRun(
  wanted: RunConfiguration,
  options: PreparationOptions,
): Promise<PreparedRun> {
  assertPossible(wanted)
  const detection = detectGpus(options.environment)
  const [inventory, machine] = await Promise.all([detectInventory(detection), detectMachine(detection)])
  const gpuProblems = [...(inventory.gpuProblems ?? [])]
  // Before the engine, which may have to be installed: what is wrong with the choice is told first.
  assertDevices(
    options.machines === undefined ? wanted : { ...wanted, sweep: false },
    inventory,
    options.processes,
  )
  if (mayUseTensorFlow(wanted.backend) && options.engineSearch === undefined) {
    await assertNamedEngine(options)
  }
  const { source, trainSamples, testSamples } = await resolveData(wanted, options)
  const engines = await chooseEngines(wanted, options)
  const names = engines.map(({ backend }) => backend.name)
  const configuration = withBatchesFor(names, wanted)
  // All engines get the same devices, so that they can be held against each other.
  const cuda = engines.every((engine) => engine.cuda)
  const { machines, processes, signal } = options
  const here = resolveRunDevices(
    machines === undefined ? configuration : { ...configuration, sweep: false },
    inventory,
    { cuda },
    processes,
  )
  const joined =
    machines === undefined
      ? null
      : await joinMachines(
          machines,
          {
            purpose: options.download === 'never' ? 'plan' : 'run',
            configuration,
            processes,
            engines,
            devices: here,
            data: source,
          },
          { signal, onWaiting: options.onWaiting },
        )
  const devices = joined?.devices ?? here
  if (joined !== null) assertSweepFits(configuration, devices.devices.length)
  const plan = (settings: RunConfiguration): Measurement[] =>
    planMeasurements({
      configuration: settings,
      devices,
      engines: names,
      isGroupOfOneAllowed: options.processes !== undefined,
      gpuProblems,
    })
  const measurements = plan(configuration)
  assertWorkFits(configuration, measurements, trainSamples)
  assertSlowRank(configuration, measurements, names)
  return {
    runId: newRunId(new Date(monotonicNowMs())),
    configuration: withAbsoluteData(configuration, source),
    machine: {
      ...machine,
      tandemVersion: options.tandemVersion,
      nodeVersion: process.versions.node,
      ...passportOf(engines),
      ...(machines !== undefined && { link: await readLink(machines.own.interfaceName) }),
    },
    ...(joined !== null && { otherMachines: joined.passports }),
    backends: engines.map(({ backend }) => backend),
    data: await readableByAll(source, engines, options.environment),
    dataSize: { trainSamples, testSamples },
    baseDevice: devices.base,
    measurements,
    plan,
    notes: [
      ...engines.map(({ description }) => `Engine: ${description}`),
      ...gpuProblems.map((problem) => `GPUs: ${problem}.`),
      ...here.notes,
      ...cpuDeviceNotes(here, configuration),
      ...(joined?.notes ?? []),
    ],
    gpuProblems,
  }
}

/** Throws `engine-folder-invalid` when someone named a folder for TensorFlow that does not hold it. */
async function assertNamedEngine({ tensorflowDirectory, environment }: EngineChoice): Promise<void> {
  const isNamed = (tensorflowDirectory ?? environment.TANDEM_TENSORFLOW_DIR ?? '') !== ''
  if (isNamed) await searchEngine({ directory: tensorflowDirectory, environment })
}

/**
 * Throws `usage` for batches and epochs that are larger than the data set: they would be something else. Quick alone goes
 * through its pictures as often as steps need.
 */
function assertWorkFits(
  { preset, samplesPerEpoch, perGpuBatchSize }: RunConfiguration,
  measurements: readonly Measurement[],
  trainSamples: number,
): void {
  const has = `the data set has ${formatQuantity(trainSamples, 'training image')}`
  if (samplesPerEpoch !== null && samplesPerEpoch > trainSamples) {
    if (preset === 'quick') return
    throw tooMuchWork('samplesPerEpoch', `--samples-per-epoch ${samplesPerEpoch}`, has)
  }
  for (const { status, strategy, globalBatchSize, devices } of measurements) {
    if (status === 'skipped' || globalBatchSize <= trainSamples) continue
    if (strategies[strategy].isBase) {
      throw tooMuchWork('batchSizeSingle', `--batch-size-single ${globalBatchSize}`, has)
    }
    const count = formatQuantity(devices.length, 'device')
    throw tooMuchWork(
      'perGpuBatchSize',
      `--per-gpu-batch-size ${perGpuBatchSize}`,
      `${count} make ${globalBatchSize} images a step, and ${has}`,
    )
  }
}

function tooMuchWork(setting: keyof RunConfiguration, flag: string, problem: string): TandemError {
  return new TandemError({
    code: 'usage',
    message: `${flag}: ${problem}`,
    hint: 'Choose a smaller number, or a larger data set.',
    setting: { name: setting, problem },
  })
}

/** Quick's batches that suit an engine, unless someone chose them. */
function withBatchesFor(names: readonly EngineName[], configuration: RunConfiguration): RunConfiguration {
  if (!configuration.quickChooses.includes('batch')) return configuration
  const batchSizeSingle = Math.min(...names.map((name) => engineTable[name].quickBatchSize))
  return { ...configuration, batchSizeSingle, perGpuBatchSize: batchSizeSingle / 2 }
}

/** Where the pictures are, also for a reader who was not in the same folder. */
function withAbsoluteData(configuration: RunConfiguration, source: DataSource): RunConfiguration {
  return source.kind === 'cifar10' ? { ...configuration, dataDir: source.directory } : configuration
}

function cpuDeviceNotes(
  { kind, devices, base: baseDevice }: ResolvedDevices,
  { strategies: chosen }: RunConfiguration,
): string[] {
  if (kind === 'gpu') return []
  const count = devices.length
  if (count === 1) return [`Devices: 1 CPU device (${baseDevice.description})`]
  const base = `${strategies[baseStrategy].title} runs on 1 of ${count} CPU devices, the others idle.`
  return [
    `Devices: ${count} CPU devices, shares of one processor, not GPUs`,
    ...(chosen.includes(baseStrategy) ? [base] : []),
  ]
}
