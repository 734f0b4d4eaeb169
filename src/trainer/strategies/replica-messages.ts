import type { LoweringChoice } from '../kernels/lowering-choices.js'
import type { Architecture } from '../model/create-model.js'

/*
 * Between the first device of DP on wasm and the worker threads that are its other devices. Large things
 * travel through shared memory; these messages say when.
 */

export interface ReplicaSetup {
  architecture: Architecture
  /** Float32: the parameters of the first device, in order, as `layOutVector` places them. */
  weights: SharedArrayBuffer
  /** Float32: this replica's gradients, placed alike. */
  gradients: SharedArrayBuffer
  /** uint8 [share, 32, 32, 3]: this replica's share of a batch. */
  images: SharedArrayBuffer
  /** int32 [share] */
  labels: SharedArrayBuffer
}

export type ReplicaMessage = ReplicaLowerings | ReplicaTask

/** Compute convolutions like this from now on. Not answered. */
export interface ReplicaLowerings {
  kind: 'lowerings'
  choices: readonly LoweringChoice[]
}

/** Weights, images and labels are in place: compute gradients, and answer with a `ReplicaResult`. */
export interface ReplicaTask {
  kind: 'compute'
  images: number
  /** Images of the whole batch: what each image's loss is divided by. */
  globalBatchSize: number
}

/** Gradients are in place. `loss` is this replica's part of the global mean. */
export interface ReplicaResult extends ReplicaTimes {
  loss: number
}

/** When phases ended on a replica, by `monotonicNowMs`, which all threads share. */
export interface ReplicaTimes {
  replicatedAtMs: number
  forwardAtMs: number
  backwardAtMs: number
}
