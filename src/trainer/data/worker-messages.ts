import type { BatchSlot, Preparation } from './batch-slot.js'
import type { Dataset } from './dataset.js'

/** What a data worker is started with. Typed arrays over shared memory: nothing is copied. */
export interface WorkerSetup {
  dataset: Dataset
  slots: BatchSlot[]
  preparation: Preparation
}

/** Loader to worker: put these samples into that slot. */
export interface BatchTask {
  slot: number
  epoch: number
  samples: Uint32Array
}

/** Worker to loader: the slot is filled. Workers answer in the order of their own tasks. */
export interface BatchDone {
  slot: number
}
