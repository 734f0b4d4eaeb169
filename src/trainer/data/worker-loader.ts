import { Worker } from 'node:worker_threads'
import { type BatchPlan, epochBatches } from '../../shared/data/epoch-batches.js'
import { epochShape } from '../../shared/data/epoch-order.js'
import type { TandemError } from '../../shared/errors.js'
import { allocateSlot, type BatchSlot, type Preparation, slotBatch } from './batch-slot.js'
import type { Dataset } from './dataset.js'
import type { BatchLoader, ImageBatch } from './loader.js'
import { loaderClosed, workerFailed } from './loader-errors.js'
import type { BatchDone, BatchTask, WorkerSetup } from './worker-messages.js'

/** What a busy slot is being filled with. `run` counts calls of `startEpoch`: an older one was abandoned. */
interface Filling {
  run: number
  step: number
}

interface Waiter {
  step: number
  resolve(): void
  reject(error: TandemError): void
}

/**
 * Prepares batches ahead in worker threads. Each batch is one task; tasks go to the workers in turn, and
 * batches come out in the order of the epoch whoever finishes first. Slots cycle: free, filled by a worker,
 * held by the trainer until it asks for the next batch, free.
 *
 * Filling and reading a slot are ordered by the messages between the threads, so no locks are needed and
 * `next` only ever waits for a message, never in a blocking call.
 */
export class WorkerLoader implements BatchLoader {
  readonly stepsPerEpoch: number
  private readonly slots: BatchSlot[]
  private readonly workers: Worker[]
  private readonly freeSlots: number[]
  private readonly filling = new Map<number, Filling>()
  /** The slots of filled batches, by step. */
  private readonly filled = new Map<number, number>()
  private heldSlot: number | null = null

  private epoch = 0
  private run = 0
  private batches: Uint32Array[] = []
  private issued = 0
  private delivered = 0
  private waiter: Waiter | null = null
  private failure: TandemError | null = null

  constructor(
    dataset: Dataset,
    private readonly plan: BatchPlan,
    preparation: Preparation,
    options: { numWorkers: number; prefetchBatches: number; workerUrl: URL },
  ) {
    this.stepsPerEpoch = epochShape(plan).stepsPerEpoch
    // One more than is prefetched: the trainer holds one while the others are filled.
    this.slots = Array.from({ length: options.prefetchBatches + 1 }, () => allocateSlot(plan.batchSize))
    this.freeSlots = [...this.slots.keys()]
    const workerData: WorkerSetup = { dataset, slots: this.slots, preparation }
    this.workers = Array.from({ length: options.numWorkers }, (_, index) =>
      this.startWorker(index, new Worker(options.workerUrl, { workerData, name: `data worker ${index}` })),
    )
  }

  startEpoch(epoch: number): void {
    if (this.waiter) throw new Error('an epoch must not start while next is awaited')
    this.freeSlots.push(...this.filled.values())
    this.filled.clear()
    this.epoch = epoch
    this.run++
    this.batches = epochBatches(this.plan, epoch)
    this.issued = 0
    this.delivered = 0
    this.issueTasks()
  }

  async next(): Promise<ImageBatch | null> {
    if (this.waiter) throw new Error('calls of next must not overlap')
    if (this.heldSlot !== null) this.freeSlots.push(this.heldSlot)
    this.heldSlot = null
    this.issueTasks()
    if (this.failure) throw this.failure
    const samples = this.batches[this.delivered]
    if (!samples) return null
    const step = this.delivered++
    if (!this.filled.has(step)) await this.untilFilled(step)
    const slot = this.filled.get(step) as number
    this.filled.delete(step)
    this.heldSlot = slot
    return slotBatch(this.slots[slot] as BatchSlot, samples.length)
  }

  async close(): Promise<void> {
    this.fail(loaderClosed())
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }

  private startWorker(index: number, worker: Worker): Worker {
    worker.on('message', ({ slot }: BatchDone) => this.onFilled(slot))
    worker.on('error', (cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      this.fail(workerFailed(index, `failed: ${reason}`, cause))
    })
    worker.on('exit', (code) => this.fail(workerFailed(index, `ended unasked with exit code ${code}`)))
    return worker
  }

  private issueTasks(): void {
    while (!this.failure && this.freeSlots.length > 0 && this.issued < this.batches.length) {
      const step = this.issued++
      const slot = this.freeSlots.shift() as number
      this.filling.set(slot, { run: this.run, step })
      const samples = this.batches[step] as Uint32Array
      const worker = this.workers[step % this.workers.length] as Worker
      worker.postMessage({ slot, epoch: this.epoch, samples } satisfies BatchTask)
    }
  }

  private onFilled(slot: number): void {
    const { run, step } = this.filling.get(slot) as Filling
    this.filling.delete(slot)
    if (run !== this.run) {
      this.freeSlots.push(slot)
      this.issueTasks()
      return
    }
    this.filled.set(step, slot)
    if (this.waiter?.step === step) this.waiter.resolve()
  }

  private async untilFilled(step: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiter = { step, resolve, reject }
      })
    } finally {
      this.waiter = null
    }
  }

  /** The first failure is the cause; later ones (the others' exits) are its consequences. */
  private fail(error: TandemError): void {
    this.failure ??= error
    this.waiter?.reject(this.failure)
  }
}
