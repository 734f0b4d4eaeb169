import { setImmediate } from 'node:timers/promises'
import { type BatchPlan, epochBatches } from '../../shared/data/epoch-batches.js'
import { epochShape } from '../../shared/data/epoch-order.js'
import { allocateSlot, type BatchSlot, fillSlot, type Preparation, slotBatch } from './batch-slot.js'
import type { Dataset } from './dataset.js'
import type { BatchLoader, ImageBatch } from './loader.js'
import { loaderClosed } from './loader-errors.js'

/** A few milliseconds of work between two turns of the event loop. */
const samplesPerTurn = 512

/** Prepares each batch when it is asked for, in the trainer's own thread: NUM_WORKERS of 0. */
export class InProcessLoader implements BatchLoader {
  readonly stepsPerEpoch: number
  private readonly slot: BatchSlot
  private epoch = 0
  private batches: Uint32Array[] = []
  private delivered = 0
  private closed = false

  constructor(
    private readonly dataset: Dataset,
    private readonly plan: BatchPlan,
    private readonly preparation: Preparation,
  ) {
    this.stepsPerEpoch = epochShape(plan).stepsPerEpoch
    this.slot = allocateSlot(plan.batchSize)
  }

  startEpoch(epoch: number): void {
    this.epoch = epoch
    this.batches = epochBatches(this.plan, epoch)
    this.delivered = 0
  }

  async next(): Promise<ImageBatch | null> {
    if (this.closed) throw loaderClosed()
    const { epoch } = this
    const samples = this.batches[this.delivered]
    if (!samples) return null
    this.delivered++
    for (let start = 0; start < samples.length; start += samplesPerTurn) {
      const part = samples.subarray(start, start + samplesPerTurn)
      fillSlot(this.dataset, this.preparation, epoch, part, this.slot, start)
      await setImmediate()
      if (this.closed) throw loaderClosed()
    }
    return slotBatch(this.slot, samples.length)
  }

  async close(): Promise<void> {
    this.closed = true
  }
}
