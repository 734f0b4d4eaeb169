import type { BatchPlan } from '../../shared/data/epoch-batches.js'
import { locateWorker } from '../worker-location.js'
import type { Dataset } from './dataset.js'
import { InProcessLoader } from './in-process-loader.js'
import type { BatchLoader } from './loader.js'
import { WorkerLoader } from './worker-loader.js'

export interface BatchLoaderOptions extends Omit<BatchPlan, 'count'> {
  dataset: Dataset
  /** 0 prepares batches in the calling thread, when they are asked for. */
  numWorkers: number
  /** Random crop and flip. */
  augment: boolean
  /** Batches prepared ahead; two a worker by default, as PyTorch's `prefetch_factor`. */
  prefetchBatches?: number
  /** The built `worker.ts`; found beside the trainer's entry file by default. */
  workerUrl?: URL
}

/**
 * A loader over `dataset`. The caller closes it; until then its workers keep the process alive. Calls of
 * `next` must not overlap. Starting an epoch before the last one ended abandons what is left of that one.
 *
 * `next` rejects with `data-worker-failed` when a worker died and with `loader-closed` after `close`.
 */
export function createBatchLoader(options: BatchLoaderOptions): BatchLoader {
  const { dataset, augment, numWorkers, ...rest } = options
  const plan = { ...rest, count: dataset.count }
  const preparation = { augmentationSeed: augment ? options.seed : null }
  if (numWorkers === 0) return new InProcessLoader(dataset, plan, preparation)
  return new WorkerLoader(dataset, plan, preparation, {
    numWorkers,
    prefetchBatches: options.prefetchBatches ?? 2 * numWorkers,
    workerUrl: options.workerUrl ?? locateWorker('data-worker.js'),
  })
}
