import type { ImageBatch } from '../data/loader.js'
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
}

/** `TrainingStrategy.warmUp`, for every strategy. */
export async function warmUp(
  program: TrainingProgram,
  step: WarmableStep,
  { training, evaluation }: BatchSizes,
): Promise<WarmUp> {
  const startedAt = performance.now()
  for (const size of training) step.prepare(size)
  for (const size of evaluation) {
    prepareStep(program.evaluationStep, uploadBatch(program.backend, blankBatch(size)))
  }
  const tracedAt = performance.now()
  await withStateRestored(program.state, async () => {
    for (const size of training) await step.run(blankBatch(size))
  })
  return { traceMs: tracedAt - startedAt, firstStepMs: performance.now() - tracedAt }
}
