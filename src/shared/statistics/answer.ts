import type { ScalingKind } from '../run/scaling.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import type { Efficiency } from './efficiency.js'
import type { SpeedupEstimate } from './speedup-estimate.js'
import type { Verdict } from './verdict.js'

export type Comparison =
  | {
      kind: 'compared'
      estimate: SpeedupEstimate
      verdict: Verdict
      efficiency: Efficiency
      /** False where blocks were repeated until the interval was narrow enough, which costs some of its certainty. */
      blocksFixedBeforehand: boolean
    }
  /** Why not, to follow a colon: `it ran on wasm, Single on tensorflow`. */
  | { kind: 'not-comparable'; reason: string }

/** One strategy's answer to "how much faster?", with what must stand beside it: what `answer-text.ts` puts in words. */
export interface Answer {
  /** `DDP` */
  title: string
  /** `Single` */
  baseTitle: string
  /** What the strategy ran on: GPUs, CPU devices, or cores of one process that has them all. */
  devices: { kind: 'gpu' | 'cpu' | 'core'; count: number }
  imagesPerSecond: number
  baseImagesPerSecond: number
  scaling: ScalingKind
  /** Images a step: of one device, and of all. */
  perDeviceBatchSize: number
  globalBatchSize: number
  /** What images/s count. */
  unit: TrainedUnit
  comparison: Comparison
}
