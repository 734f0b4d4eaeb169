import type { AutotuneRecord, TuningProgress } from '../../shared/child/trainer-protocol.js'
import type { ImageBatch } from '../data/loader.js'
import {
  type ConvolutionUse,
  currentLowering,
  type LoweringChoice,
  recordConvolutions,
  type Suggest,
  setLoweringChoices,
  withLargestBatch,
} from '../kernels/lowering-choices.js'
import { tuningRecord } from '../tuning/tuning-record.js'
import type { Autotuner } from './create-autotuner.js'
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
  const startedAt = performance.now()
  const tuned = program.autotuner && (await tune(program, program.autotuner, step, training))
  for (const size of training) step.prepare(size)
  for (const size of evaluation) {
    prepareStep(program.evaluationStep, uploadBatch(program.backend, blankBatch(size)))
  }
  const tracedAt = performance.now()
  const alreadyRun = tuned?.alreadyRun ?? { sizes: [], ms: 0 }
  const left = training.filter((size) => !alreadyRun.sizes.includes(size))
  if (left.length > 0) {
    await withStateRestored(program, async () => {
      for (const size of left) await step.run(blankBatch(size))
    })
  }
  return {
    traceMs: tracedAt - startedAt - alreadyRun.ms - (tuned?.record.tuneMs ?? 0),
    firstStepMs: performance.now() - tracedAt + alreadyRun.ms,
    ...(tuned && { autotune: tuned.record }),
  }
}

/** `TrainingStrategy.tune`, for every strategy. */
export async function tuneOnly(
  program: TrainingProgram,
  step: WarmableStep,
  training: readonly number[],
  onProgress: (progress: TuningProgress) => void,
): Promise<AutotuneRecord | null> {
  return program.autotuner && (await tune(program, program.autotuner, step, training, onProgress)).record
}

interface Tuned {
  record: AutotuneRecord
  /** First steps that were made to see what the step is made of, as it will be computed. */
  alreadyRun: FirstSteps
}

interface FirstSteps {
  sizes: readonly number[]
  ms: number
}

/**
 * Finds out which convolutions the step has, and lets the autotuner pick a lowering for each. The step is compiled with
 * what earlier runs know, and again only if that was not all there is to know.
 */
async function tune(
  program: TrainingProgram,
  autotuner: Autotuner,
  step: WarmableStep,
  sizes: readonly number[],
  onProgress?: (progress: TuningProgress) => void,
): Promise<Tuned> {
  const { uses, firstSteps } = await convolutionsOf(program, step, sizes, await autotuner.known())
  const startedAt = performance.now()
  const tuned = await autotuner.tune(withLargestBatch(uses), onProgress)
  const choices = tuned.map(({ use, chosen }) => ({ use, lowering: chosen }))
  const differs = await autotuner.onAnyRank(
    choices.some(({ use, lowering }) => currentLowering(use) !== lowering),
  )
  if (differs) setLoweringChoices(choices)
  step.applyLowerings?.(choices)
  const record = tuningRecord(tuned, performance.now() - startedAt, autotuner.report)
  // Other threads of the step have computed their part of it untuned so far.
  const asItWillBe = !differs && step.applyLowerings === undefined
  return { record, alreadyRun: asItWillBe ? firstSteps : { sizes: [], ms: 0 } }
}

async function convolutionsOf(
  program: TrainingProgram,
  step: WarmableStep,
  sizes: readonly number[],
  known: Suggest,
): Promise<{ uses: ConvolutionUse[]; firstSteps: FirstSteps }> {
  const traced = await recordConvolutions(() => {
    for (const size of sizes) step.prepare(size)
  }, known)
  if (traced.length > 0) return { uses: traced, firstSteps: { sizes: [], ms: 0 } }
  // An engine that does not trace shows what a step is made of only by running it.
  const startedAt = performance.now()
  const largest = Math.max(...sizes)
  const uses = await recordConvolutions(
    () => withStateRestored(program, async () => void (await step.run(blankBatch(largest)))),
    known,
  )
  return { uses, firstSteps: { sizes: [largest], ms: performance.now() - startedAt } }
}
