import type { ErrorReport } from '../errors.js'

/** TensorFlow, as a host knows it. Wherever it is not `ready`, a run computes on WebAssembly. */
export type EngineState =
  | { status: 'searching' }
  | {
      status: 'ready'
      /** Null where only loading it would tell. */
      version: string | null
      flavour: 'cpu' | 'cuda'
      /** One line: which, and where it was found. */
      description: string
    }
  /** `why`: the places that were searched in vain. */
  | { status: 'missing'; why: string }
  | { status: 'installing'; progress: string; share: number | null }
  | { status: 'install-failed'; error: ErrorReport }
