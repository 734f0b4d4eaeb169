import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { TrainerBackend } from '../../shared/child/trainer-protocol.js'
import { type EngineName, engineNames, engines, enginesNamed } from '../../shared/domain/engines.js'
import { type ModelName, modelNames, models, type Stem } from '../../shared/domain/models.js'
import { settingOf } from '../../shared/domain/settings/settings.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { formatList } from '../../shared/text/format.js'
import { homePath } from '../data/home-path.js'
import { describeSource, whyNoEngine } from '../engine/engine-text.js'
import { type EngineSearch, searchEngine } from '../engine/locate.js'
import type { EngineLocation } from '../engine/location.js'
import { findPyTorch, type PyTorch } from '../engine/pytorch/find-pytorch.js'

export interface ChosenEngine {
  backend: TrainerBackend
  /** TensorFlow's version where it is known before loading it; null on WebAssembly. */
  tensorflowVersion: string | null
  /** What it says of itself; absent for the others. */
  pytorch?: PyTorch
  cuda: boolean
  /** One line for people: which engine, and why this one. */
  description: string
}

export interface EngineChoice {
  /** A folder that someone named; searched first. */
  tensorflowDirectory?: string | undefined
  /** A Python that someone named for PyTorch. */
  python?: string | undefined
  environment: NodeJS.ProcessEnv
  /** Tandem's own resources; PyTorch's trainer is in its folder `pytorch`. */
  resourcesDirectory: string
  /** A search that was made already; its outcome is taken as it is. */
  engineSearch?: EngineSearch
  /** Called where none was found; may find one after all. */
  onMissingEngine?: (search: EngineSearch) => Promise<EngineSearch>
}

/**
 * The engines that a run asks for with `--backend`, in the order in which they are compared: those named, or TensorFlow
 * where it is found, else WebAssembly.
 *
 * Throws `engine-missing` when TensorFlow was asked for and is nowhere, `engine-folder-invalid` when a named
 * folder does not hold it, `pytorch-*` when PyTorch cannot be had, and `engine-unsuitable` for what an engine cannot do.
 */
export async function chooseEngines(
  configuration: EngineSettings & Pick<RunConfiguration, 'backend'>,
  choice: EngineChoice,
): Promise<[ChosenEngine, ...ChosenEngine[]]> {
  const names = enginesNamed(configuration.backend)
  const chosen: ChosenEngine[] = []
  if (names.length === 0) chosen.push(await tensorflowOrElse(choice, (why) => wasm(`no TensorFlow: ${why}`)))
  for (const name of names) chosen.push(await named(name, choice))
  for (const { backend, description } of chosen) assertSuitable(backend.name, configuration, description)
  return chosen as [ChosenEngine, ...ChosenEngine[]]
}

/** Throws `engine-unsuitable` for what none of the engines that a run may get can do: known before any is looked for. */
export function assertPossible(configuration: EngineSettings & Pick<RunConfiguration, 'backend'>): void {
  const names = enginesNamed(configuration.backend)
  // With `auto`, TensorFlow can do whatever WebAssembly can.
  if (names.length === 0) assertSuitable('tensorflow', configuration, 'TensorFlow or WebAssembly')
  for (const name of names) assertSuitable(name, configuration, engines[name].title)
}

/** Whether a run that asks for this backend looks for TensorFlow. */
export function mayUseTensorFlow(backend: RunConfiguration['backend']): boolean {
  const names = enginesNamed(backend)
  return names.length === 0 || names.some((name) => engines[name].broughtBy === 'install-command')
}

async function named(name: EngineName, choice: EngineChoice): Promise<ChosenEngine> {
  switch (name) {
    case 'tensorflow':
      return await tensorflowOrElse(choice, (why) => {
        throw new TandemError({
          code: 'engine-missing',
          message: `--backend tensorflow: none found (${why})`,
          hint: 'Install it with `tandem engine install`, or use --backend wasm.',
          setting: { name: 'backend', problem: `no TensorFlow found (${why})` },
        })
      })
    case 'wasm':
      return wasm('asked for with --backend wasm')
    case 'pytorch':
      return pytorchEngine(await findPyTorch(choice), choice.resourcesDirectory)
    default:
      return assertNever(name, 'engine')
  }
}

async function tensorflowOrElse(
  { tensorflowDirectory, environment, engineSearch, onMissingEngine }: EngineChoice,
  otherwise: (why: string) => ChosenEngine,
): Promise<ChosenEngine> {
  const found = engineSearch ?? (await searchEngine({ directory: tensorflowDirectory, environment }))
  const search = found.engine === null && onMissingEngine ? await onMissingEngine(found) : found
  return search.engine === null ? otherwise(whyNoEngine(search)) : tensorflow(search.engine)
}

function tensorflow({ directory, version, flavour, source }: EngineLocation): ChosenEngine {
  const cuda = flavour === 'cuda'
  const name = `TensorFlow${version === null ? '' : ` ${version}`} for ${cuda ? 'CUDA' : 'CPU'}`
  return {
    backend: { name: 'tensorflow', libraryDir: directory },
    tensorflowVersion: version,
    cuda,
    description: `${name} (from ${describeSource(source)}: ${homePath(directory)})`,
  }
}

function wasm(why: string): ChosenEngine {
  const description = `${engines.wasm.title} (${why})`
  return { backend: { name: 'wasm' }, tensorflowVersion: null, cuda: false, description }
}

/** How a PyTorch that was found is run. */
export function pytorchEngine(found: PyTorch, resourcesDirectory: string): ChosenEngine {
  const { python, source, version, pythonVersion, cudaVersion } = found
  const where = `Python ${pythonVersion} from ${source}: ${homePath(python)}`
  return {
    backend: {
      name: 'pytorch',
      python,
      trainer: join(resourcesDirectory, 'pytorch', 'train.py'),
      gpuThreads: Math.max(1, Math.floor(availableParallelism() / 8)),
    },
    tensorflowVersion: null,
    pytorch: found,
    cuda: cudaVersion !== null,
    description: `PyTorch ${version} for ${cudaVersion === null ? 'CPU' : 'CUDA'} (${where})`,
  }
}

type EngineSettings = Pick<
  RunConfiguration,
  'precision' | 'collective' | 'modelName' | 'stem' | 'memoryFormat' | 'compile' | 'bucketMebibytes'
>

/** Throws `engine-unsuitable` for a setting that the engine cannot do. */
function assertSuitable(engine: EngineName, settings: EngineSettings, description: string): void {
  const { precision, collective, modelName, stem } = settings
  const { precisions, collectives, builders, hasPyTorchSettings } = engines[engine]
  const { builder, parameters } = models[modelName]
  if (!builders.includes(builder)) {
    const able = engineNames.filter((name) => engines[name].builders.includes(builder))
    const allowed = modelNames.filter((name) => builders.includes(models[name].builder))
    throw unsuitable('modelName', `--model-name ${modelName}`, able, allowed, description)
  }
  if (parameters[stem] === null) throw withoutStem(modelName, stem)
  const foreign = hasPyTorchSettings
    ? undefined
    : pytorchSettings.find((name) => settings[name] !== notebookPreset[name])
  if (foreign !== undefined) {
    const flag = settingOf(foreign).flag ?? foreign
    const able = engineNames.filter((name) => engines[name].hasPyTorchSettings)
    throw unsuitable(
      foreign,
      `${flag} ${settings[foreign]}`,
      able,
      [String(notebookPreset[foreign])],
      description,
    )
  }
  if (!precisions.includes(precision)) {
    const able = engineNames.filter((name) => engines[name].precisions.includes(precision))
    throw unsuitable('precision', `--precision ${precision}`, able, precisions, description)
  }
  if (!collectives.includes(collective)) {
    const able = engineNames.filter((name) => engines[name].collectives.includes(collective))
    throw unsuitable('collective', `--collective ${collective}`, able, collectives, description)
  }
}

const pytorchSettings = ['memoryFormat', 'compile', 'bucketMebibytes'] as const

function withoutStem(modelName: ModelName, stem: Stem): TandemError {
  const problem = `${modelName} has no stem to replace; only ResNets have`
  return new TandemError({
    code: 'usage',
    message: `--stem ${stem}: ${problem}`,
    hint: 'Leave --stem out, or choose a ResNet.',
    setting: { name: 'stem', problem },
  })
}

function unsuitable(
  setting: string,
  flag: string,
  able: readonly EngineName[],
  allowed: readonly string[],
  engine: string,
): TandemError {
  const needed = formatList(
    able.map((name) => engines[name].title),
    'or',
  )
  const problem = `needs ${needed}; the engine is ${engine}, which allows ${formatList(allowed)}`
  return new TandemError({
    code: 'engine-unsuitable',
    message: `${flag} ${problem}`,
    hint: able.some((name) => engines[name].broughtBy === 'install-command')
      ? 'Install TensorFlow with `tandem engine install`.'
      : `Add --backend ${able[0]}, or leave ${flag.split(' ')[0]} out.`,
    setting: { name: setting, problem },
  })
}
