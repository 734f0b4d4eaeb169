import type { TrainerJob, TuningProgress } from '../../shared/child/trainer-protocol.js'
import type { Backend } from '../backend.js'
import type { ConvolutionUse, Suggest } from '../kernels/lowering-choices.js'
import { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { autotune, suggestFrom, type TunedConvolution } from '../tuning/autotuner.js'
import { openChoiceCache } from '../tuning/choice-cache.js'
import type { LoweringCatalogue } from '../tuning/lowering-catalogue.js'
import { processorName } from '../tuning/processor.js'
import { createTensorFlowCatalogue } from '../tuning/tensorflow-catalogue.js'
import { createWasmCatalogue } from '../tuning/wasm-catalogue.js'
import { intraOpThreads } from './create-backend.js'

export interface Autotuner {
  /** What is known from earlier runs: good for a first compilation, and for good where that is all there is to know. */
  known(): Promise<Suggest>
  /** Picks a lowering for each distinct convolution kernel of a step. */
  tune(
    uses: readonly ConvolutionUse[],
    onProgress?: (progress: TuningProgress) => void,
  ): Promise<TunedConvolution[]>
  /** Whether it holds on any rank: all of them compile the same steps in the same order. */
  onAnyRank(holds: boolean): Promise<boolean>
  /** Names of the lowerings of `use`, the one that is used untuned first. */
  names(use: ConvolutionUse): string[]
  /** Whether the host wants to know all timings. */
  readonly report: boolean
}

/** The autotuner that the job asks for; null where it does not. */
export function createAutotuner(job: TrainerJob, backend: Backend, stop: AbortSignal): Autotuner | null {
  const plan = job.autotune ?? null
  // Operation by operation nothing is compiled that could be tuned.
  if (plan === null || job.execution === 'eager') return null
  const catalogue = createCatalogue(job, backend)
  const cache = openChoiceCache(plan.cacheDirectory, [processorName(), ...catalogue.settings])
  return {
    known: async () => suggestFrom(await cache.read(), catalogue),
    tune: (uses, onProgress) =>
      autotune(uses, {
        catalogue,
        cache,
        budgetMs: plan.budgetMs,
        signal: stop,
        ...(onProgress && { onProgress }),
      }),
    onAnyRank: async (holds) => holds,
    names: catalogue.names,
    report: plan.report,
  }
}

function createCatalogue(job: TrainerJob, backend: Backend): LoweringCatalogue {
  if (!(backend instanceof TensorFlowBackend)) return createWasmCatalogue(backend.version)
  return createTensorFlowCatalogue(backend, {
    precision: job.precision,
    intraOpThreads: intraOpThreads(job),
    deviceKind: job.devices[0]?.kind ?? 'cpu',
  })
}
