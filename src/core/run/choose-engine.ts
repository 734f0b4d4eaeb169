import { TandemError } from '../../shared/errors.js'
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
  if (configuration.backend === 'wasm') return wasm(configuration, 'asked for with --backend wasm')
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

function wasm(
  { precision, collective }: Pick<RunConfiguration, 'precision' | 'collective'>,
  why: string,
): ChosenEngine {
  const description = `WebAssembly (${why})`
  if (precision === 'mixed') throw unsuitable('precision', '--precision mixed', 'fp32', description)
  if (collective === 'tensorflow') {
    throw unsuitable('collective', '--collective tensorflow', 'auto, shared-memory and files', description)
  }
  return { backend: { name: 'wasm' }, tensorflowVersion: null, cuda: false, description }
}

function unsuitable(setting: string, flag: string, allowed: string, engine: string): TandemError {
  const problem = `needs TensorFlow; the engine is ${engine}, which allows ${allowed}`
  return new TandemError({
    code: 'engine-unsuitable',
    message: `${flag} ${problem}`,
    hint: 'Install TensorFlow with `tandem engine install`.',
    setting: { name: setting, problem },
  })
}
