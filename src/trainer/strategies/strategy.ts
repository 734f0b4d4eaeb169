import type {
  AutotuneRecord,
  DataParallelParts,
  TuningProgress,
} from '../../shared/child/trainer-protocol.js'
import type { EngineName } from '../../shared/domain/engines.js'
import type { ImageBatch } from '../data/loader.js'
import type { Classifier } from '../model/classifier.js'

/**
 * One way to train: what a step does with a batch. Everything else (data, epochs, evaluation, reporting) is
 * the same for all of them and lives in `run-job.ts`.
 */
export interface TrainingStrategy {
  /** What is trained. Owned by the strategy. */
  readonly model: Classifier

  readonly engine: { backend: EngineName; backendVersion: string }

  /** How gradients travel between devices, in words; null where they do not. */
  readonly collective: string | null

  /**
   * Compiles for these batch sizes and trains once on each of the training ones, on state that is then put back,
   * so that no step of an epoch pays for it. The time of these first steps includes putting the state back.
   */
  warmUp(batchSizes: BatchSizes): Promise<WarmUp>

  /**
   * Times the ways to compute the convolutions of a step on these batches, as far as that is not known yet, for later
   * processes to use. null where convolutions are left to the engine.
   */
  tune(
    trainingBatchSizes: readonly number[],
    onProgress: (progress: TuningProgress) => void,
  ): Promise<AutotuneRecord | null>

  /** One optimiser step. */
  step(batch: ImageBatch): Promise<StepOutcome>

  /** Adds up numbers over all ranks; returns them unchanged where there is one rank. */
  sumOverRanks(values: readonly number[]): Promise<number[]>

  /** Makes every rank hold rank 0's batch-norm statistics, as DDP does before evaluating or saving. */
  shareBuffers(): Promise<void>

  /** Correct predictions of the current weights, in evaluation mode. A label of -1 is never correct. */
  countCorrect(batch: ImageBatch): Promise<number>

  dispose(): Promise<void>
}

export interface BatchSizes {
  training: readonly number[]
  /** Empty when nothing will be evaluated. */
  evaluation: readonly number[]
}

export interface WarmUp {
  traceMs: number
  firstStepMs: number
  /** Absent where nothing was tuned. */
  autotune?: AutotuneRecord
}

export interface StepOutcome extends DataParallelParts {
  /** Mean over this rank's batch. */
  loss: number
  computeMs: number
  communicationMs: number
  updateMs: number
  /** When this rank arrived at the all-reduce; null without one. */
  arrivedAtMs: number | null
}
