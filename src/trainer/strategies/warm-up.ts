import type { AutotuneRecord } from '../../shared/trainer-protocol.js'
import type { ImageBatch } from '../data/loader.js'
import {
  type ConvolutionUse,
  type LoweringChoice,
  recordConvolutions,
  setLoweringChoices,
  withLargestBatch,
} from '../kernels/lowering-choices.js'
import { tuningRecord } from '../tuning/tuning-record.js'
import type { BatchSizes, WarmUp } from './strategy.js'
import {
  blankBatch,
  prepareStep,
  type TrainingProgram,
  uploadBatch,
  withStateRestored,
} from './training-program.js'

/** What warming up needs of a strategy's step. */
export interface WarmableStep {
  /** Compiles for batches of `size`, without running. */
  prepare(size: number): void
  run(batch: ImageBatch): Promise<unknown>
  /** Tells other threads that compute parts of the step which lowerings to use. */
  applyLowerings?(choices: readonly LoweringChoice[]): void
}

/** `TrainingStrategy.warmUp`, for every strategy. */
export async function warmUp(
  program: TrainingProgram,
  step: WarmableStep,
  { training, evaluation }: BatchSizes,
): Promise<WarmUp> {
  const tuning = await tune(program, step, training)
  const startedAt = performance.now()
  for (const size of training) step.prepare(size)
  for (const size of evaluation) {
    prepareStep(program.evaluationStep, uploadBatch(program.backend, blankBatch(size)))
  }
  const tracedAt = performance.now()
  await withStateRestored(program.state, async () => {
    for (const size of training) await step.run(blankBatch(size))
  })
  return {
    traceMs: tracedAt - startedAt,
    firstStepMs: performance.now() - tracedAt,
    ...(tuning === null ? {} : { autotune: tuning }),
  }
}

/** Finds out which convolutions the step has, and lets the autotuner pick a lowering for each. */
async function tune(
  program: TrainingProgram,
  step: WarmableStep,
  sizes: readonly number[],
): Promise<AutotuneRecord | null> {
  if (program.autotuner === null) return null
  const startedAt = performance.now()
  const uses = await convolutionsOf(program, step, sizes)
  const tuned = await program.autotuner.tune(withLargestBatch(uses))
  const choices = tuned.map(({ use, chosen }) => ({ use, lowering: chosen }))
  setLoweringChoices(choices)
  step.applyLowerings?.(choices)
  return tuningRecord(tuned, performance.now() - startedAt, program.autotuner.report)
}

async function convolutionsOf(
  program: TrainingProgram,
  step: WarmableStep,
  sizes: readonly number[],
): Promise<ConvolutionUse[]> {
  const traced = await recordConvolutions(() => {
    for (const size of sizes) step.prepare(size)
  })
  if (traced.length > 0) return traced
  // An engine that does not trace shows what a step is made of only by running it.
  return recordConvolutions(() =>
    withStateRestored(program.state, async () => {
      await step.run(blankBatch(Math.max(...sizes)))
    }),
  )
}
