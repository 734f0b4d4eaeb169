import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { EngineName } from '../shared/domain/engines.js'

/**
 * What a strategy needs of the engine it runs on. Two implementations: TensorFlow through its C API
 * (`runtime/`), and tfjs's WebAssembly backend (`kernels/wasm/`). The program is the same on both; only
 * how a step is executed differs.
 */
export interface Backend {
  readonly name: EngineName
  readonly version: string
  /** Device names for `withDevice`, in the order of the job's devices. */
  readonly devices: readonly string[]

  /**
   * Turns a training or evaluation step into something that runs as one call. On TensorFlow the step is
   * executed once symbolically and becomes a TF_Function per set of input shapes; on wasm it stays a
   * function. `state` are the variables it reads and assigns; assigning any other is an error.
   */
  compile(step: Step, options: CompileOptions): CompiledStep

  /** Runs `build` with its operations, and their gradients, placed on `device`. */
  withDevice<T>(device: string, build: () => T): T

  /**
   * In a step that is being compiled: a clock that its calls will carry. null where operations run one by one, so
   * that whoever calls them can look at a clock in between.
   */
  phaseClock(): PhaseClock | null

  /**
   * Pictures as the loader delivers them, on their way into a step: a tensor that only the
   * `DecodeImages` kernel reads. Copies `bytes`; the buffer may be reused at once.
   * Shape [N, 32, 32, 3] (height, width, channel).
   */
  uploadImages(bytes: Uint8Array, batch: number): Tensor

  /**
   * Holds on to what these variables contain, where it is: nothing is copied but what is written to meanwhile. Calling
   * the result, once, puts it back.
   */
  snapshot(variables: readonly Variable[]): () => void

  /** Live tensors, native handles and compiled functions: flat over steps in a healthy trainer. */
  resources(): { tensors: number; handles: number; functions: number }

  dispose(): void
}

/** Receives tensors, returns tensors. Runs inside `tf.tidy`; must not read a value back. */
export type Step = (...inputs: Tensor[]) => Tensor[]

/** Tells, from inside one compiled call, when its phases ended. */
export interface PhaseClock {
  /** A phase ends when every tensor is on its device, copied there where it was made on another. */
  endsWith(arrivals: readonly Arrival[]): void
  /**
   * The same tensors, given out when the phases so far have ended, for what follows to be computed from. Only where
   * devices are processors, which are too busy with it otherwise to look at a clock, and have nothing to gain from
   * beginning early; GPUs copy and compute at the same time.
   */
  holdBack(arrivals: readonly Arrival[]): Tensor[]
  /** A phase ends when devices have their own gradients of what they share, before those are added up. */
  endsWithAddends(): void
  /** A phase ends when all updates of variables that were recorded so far are made. */
  endsWithUpdates(): void
  /** For the step to return: the end of each phase in seconds since the call began, float32 [phases]. */
  ends(): Tensor
}

export interface Arrival {
  tensor: Tensor
  device: string
}

export interface CompileOptions {
  /** Shows up in error messages and profiles. */
  name: string
  state: readonly Variable[]
}

export interface CompiledStep {
  /**
   * Executes the step. The caller owns the returned tensors. The event loop stays free meanwhile.
   * Calls must not overlap.
   */
  run(...inputs: Tensor[]): Promise<Tensor[]>
  /** Traces for these inputs' shapes now, without running, so that no later step pays for it. */
  prepare(...inputs: Tensor[]): void
  dispose(): void
}
