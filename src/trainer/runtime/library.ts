import { join } from 'node:path'
import { loadLibrary, retainLibrary } from '../../child/ffi.js'
import { TandemError } from '../../shared/errors.js'
import { eagerFunctions } from './c-api/eager.js'
import { graphFunctions } from './c-api/graph.js'
import type { Declare } from './c-api/prototype.js'
import { tensorFunctions } from './c-api/tensor.js'

export interface CApi {
  readonly eager: ReturnType<typeof eagerFunctions>
  readonly tensor: ReturnType<typeof tensorFunctions>
  readonly graph: ReturnType<typeof graphFunctions>
}

const fileNames: Readonly<Partial<Record<NodeJS.Platform, readonly [framework: string, api: string]>>> = {
  linux: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  darwin: ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
}

let loaded: { directory: string; api: CApi } | null = null

/**
 * Loads libtensorflow from `directory` into this process, once. Throws `tensorflow-load` with the loader's
 * own message.
 *
 * The framework comes first and both globally, since the second refers to symbols of the first. Neither is
 * ever unloaded: TensorFlow's threads outlive an unload and would crash every normal exit.
 */
export function loadTensorFlow(directory: string): CApi {
  if (loaded !== null) {
    if (loaded.directory === directory) return loaded.api
    throw new TandemError({
      code: 'tensorflow-load',
      message: `TensorFlow is already loaded from ${loaded.directory}`,
      hint: 'A process holds one TensorFlow; use another process.',
    })
  }
  const names = fileNames[process.platform]
  if (names === undefined) {
    throw new TandemError({
      code: 'tensorflow-load',
      message: `there is no TensorFlow for ${process.platform}`,
      hint: 'Use --backend wasm, or run inside WSL2.',
    })
  }
  // TensorFlow reads this once, while loading: errors yes, start-up chatter no.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const framework = join(directory, names[0])
  const library = join(directory, names[1])
  try {
    retainLibrary(framework)
    retainLibrary(library)
    loadLibrary(framework, { global: true })
    const native = loadLibrary(library, { global: true })
    const declare = ((prototype: string) => native.func(prototype)) as unknown as Declare
    const api = {
      eager: eagerFunctions(declare),
      tensor: tensorFunctions(declare),
      graph: graphFunctions(declare),
    }
    loaded = { directory, api }
    return api
  } catch (thrown) {
    throw new TandemError(
      {
        code: 'tensorflow-load',
        message: `TensorFlow cannot be loaded from ${directory}: ${thrown instanceof Error ? thrown.message : thrown}`,
        hint: 'Run `tandem engine status --verify`; `tandem engine install` replaces a damaged engine.',
      },
      { cause: thrown },
    )
  }
}
