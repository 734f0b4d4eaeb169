import type { TrainerJob } from '../../shared/trainer-protocol.js'
import type { Backend } from '../backend.js'
import type { ConvolutionUse } from '../kernels/lowering-choices.js'
import { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { autotune, type TunedConvolution } from '../tuning/autotuner.js'
import { openChoiceCache } from '../tuning/choice-cache.js'
import type { LoweringCatalogue } from '../tuning/lowering-catalogue.js'
import { processorName } from '../tuning/processor.js'
import { createTensorFlowCatalogue } from '../tuning/tensorflow-catalogue.js'
import { createWasmCatalogue } from '../tuning/wasm-catalogue.js'
import { intraOpThreads } from './create-backend.js'

export interface Autotuner {
  /** Picks a lowering for each distinct convolution kernel of a step. */
  tune(uses: readonly ConvolutionUse[]): Promise<TunedConvolution[]>
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
    tune: (uses) => autotune(uses, { catalogue, cache, budgetMs: plan.budgetMs, signal: stop }),
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
