import { type EngineName, engineNames, engines } from '../../shared/domain/engines.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import { formatList } from '../../shared/format.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import type { TrainerBackend } from '../../shared/trainer-protocol.js'
import { homePath } from '../data/home-path.js'
import { describeSource, whyNoEngine } from '../engine/engine-text.js'
import { type EngineSearch, searchEngine } from '../engine/locate.js'
import type { EngineLocation } from '../engine/location.js'

export interface ChosenEngine {
  backend: TrainerBackend
  /** TensorFlow's version where it is known before loading it; null on WebAssembly. */
  tensorflowVersion: string | null
  cuda: boolean
  /** One line for people: which engine, and why this one. */
  description: string
}

export interface EngineChoice {
  /** A folder that someone named; searched first. */
  tensorflowDirectory?: string | undefined
  environment: NodeJS.ProcessEnv
  /** A search that was made already; its outcome is taken as it is. */
  engineSearch?: EngineSearch
  /** Called where none was found; may find one after all. */
  onMissingEngine?: (search: EngineSearch) => Promise<EngineSearch>
}

/**
 * The engine that a run asks for with `--backend`: TensorFlow where it is found, else WebAssembly.
 *
 * Throws `engine-missing` when TensorFlow was asked for and is nowhere, `engine-folder-invalid` when a named
 * folder does not hold it, and `engine-unsuitable` for what WebAssembly cannot do.
 */
export async function chooseEngine(
  configuration: Pick<RunConfiguration, 'backend' | 'precision' | 'collective'>,
  { tensorflowDirectory, environment, engineSearch, onMissingEngine }: EngineChoice,
): Promise<ChosenEngine> {
  if (!mayUseTensorFlow(configuration.backend)) return wasm(configuration, 'asked for with --backend wasm')
  const found = engineSearch ?? (await searchEngine({ directory: tensorflowDirectory, environment }))
  const search = found.engine === null && onMissingEngine ? await onMissingEngine(found) : found
  if (search.engine !== null) return tensorflow(search.engine)
  if (configuration.backend === 'auto') return wasm(configuration, `no TensorFlow: ${whyNoEngine(search)}`)
  throw new TandemError({
    code: 'engine-missing',
    message: `--backend tensorflow: none found (${whyNoEngine(search)})`,
    hint: 'Install it with `tandem engine install`, or use --backend wasm.',
    setting: { name: 'backend', problem: `no TensorFlow found (${whyNoEngine(search)})` },
  })
}

/** Whether a run that asks for this backend looks for TensorFlow. */
export function mayUseTensorFlow(backend: RunConfiguration['backend']): boolean {
  switch (backend) {
    case 'auto':
    case 'tensorflow':
      return true
    case 'wasm':
      return false
    default:
      return assertNever(backend, 'backend')
  }
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

function wasm(settings: EngineSettings, why: string): ChosenEngine {
  const description = `${engines.wasm.title} (${why})`
  assertSuitable('wasm', settings, description)
  return { backend: { name: 'wasm' }, tensorflowVersion: null, cuda: false, description }
}

type EngineSettings = Pick<RunConfiguration, 'precision' | 'collective'>

/** Throws `engine-unsuitable` for a setting that the engine cannot do. */
function assertSuitable(
  engine: EngineName,
  { precision, collective }: EngineSettings,
  description: string,
): void {
  const { precisions, collectives } = engines[engine]
  if (!precisions.includes(precision)) {
    const able = engineNames.filter((name) => engines[name].precisions.includes(precision))
    throw unsuitable('precision', `--precision ${precision}`, able, precisions, description)
  }
  if (!collectives.includes(collective)) {
    const able = engineNames.filter((name) => engines[name].collectives.includes(collective))
    throw unsuitable('collective', `--collective ${collective}`, able, collectives, description)
  }
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
    hint: 'Install TensorFlow with `tandem engine install`.',
    setting: { name: setting, problem },
  })
}
