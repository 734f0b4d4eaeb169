import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { TandemError } from '../../shared/errors.js'
import type { ImageBatch } from '../data/loader.js'
import type { LoweringChoice } from '../kernels/lowering-choices.js'
import type { Architecture } from '../model/create-model.js'
import type { ReplicaMessage, ReplicaResult, ReplicaSetup } from './replica-messages.js'

/** A device of DP on wasm, seen from the first one: a worker thread and the memory shared with it. */
export interface ReplicaThread {
  /** This replica's gradients, after `compute`. */
  readonly gradients: Float32Array
  /** Copies its share of the next batch to where it reads it. */
  give(share: ImageBatch): void
  /** Runs forward and backward on the share given; resolves with its part of the global mean loss. */
  compute(globalBatchSize: number): Promise<ReplicaResult>
  /** Lets later calls of `compute` use these lowerings. */
  applyLowerings(choices: readonly LoweringChoice[]): void
  close(): Promise<void>
}

/** Starts a replica for shares of up to `largestShare` images. The caller closes it. */
export function startReplicaThread(
  workerUrl: URL,
  architecture: Architecture,
  weights: SharedArrayBuffer,
  largestShare: number,
  replica: number,
): ReplicaThread {
  const setup: ReplicaSetup = {
    architecture,
    weights,
    gradients: new SharedArrayBuffer(weights.byteLength),
    images: new SharedArrayBuffer(largestShare * 32 * 32 * 3),
    labels: new SharedArrayBuffer(largestShare * Int32Array.BYTES_PER_ELEMENT),
  }
  const images = new Uint8Array(setup.images)
  const labels = new Int32Array(setup.labels)
  const worker = new Worker(workerUrl, { workerData: setup, execArgv: [] })
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', (cause) => reject(replicaFailed(replica, cause)))
    worker.once('exit', (code) => reject(replicaFailed(replica, `it exited with code ${code}`)))
  })
  const post = (message: ReplicaMessage) => worker.postMessage(message)
  let given = 0
  // Waited for in `compute` only; between steps nobody may be listening.
  ended.catch(() => {})
  return {
    gradients: new Float32Array(setup.gradients),
    give(share) {
      images.set(share.images)
      labels.set(share.labels)
      given = share.size
    },
    async compute(globalBatchSize) {
      post({ kind: 'compute', images: given, globalBatchSize })
      const [result] = (await Promise.race([once(worker, 'message'), ended])) as [ReplicaResult]
      return result
    },
    applyLowerings: (choices) => post({ kind: 'lowerings', choices }),
    async close() {
      await worker.terminate()
    },
  }
}

function replicaFailed(replica: number, cause: unknown): TandemError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TandemError(
    {
      code: 'replica-failed',
      message: `replica ${replica} of DataParallel failed: ${reason}`,
      hint: 'If memory ran out, use a smaller batch.',
    },
    { cause },
  )
}
