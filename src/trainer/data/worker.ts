/**
 * The data worker: a thread of a trainer that crops, flips and packs pictures. It has no state of its own
 * and ends when its loader terminates it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type BatchSlot, fillSlot } from './batch-slot.js'
import type { BatchDone, BatchTask, WorkerSetup } from './worker-messages.js'

const { dataset, slots, preparation } = workerData as WorkerSetup

parentPort?.on('message', ({ slot, epoch, samples }: BatchTask) => {
  fillSlot(dataset, preparation, epoch, samples, slots[slot] as BatchSlot)
  parentPort?.postMessage({ slot } satisfies BatchDone)
})
