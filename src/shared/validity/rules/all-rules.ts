import type { Rule } from '../judged-run.js'
import { comparedWithBase, lossDidNotFall } from './comparison.js'
import {
  aboveIdeal,
  blocksLeftOut,
  measuredAgain,
  noBase,
  nothingMeasured,
  repeatsFailed,
  stopped,
} from './figures.js'
import { clocksDiffer, gpuLost, gpusLeftOut, othersOnGpu, throttled } from './gpus.js'
import { othersOnCpu, quota, steal } from './machine-load.js'
import { littleMemory, memoryPressure, swap } from './memory.js'
import { onBattery, powerSaving, sharedCores } from './power.js'
import { slowRank } from './slow-rank.js'
import { stoodStill } from './standstill.js'
import { drift, fewSteps, slowFirstEpoch } from './steadiness.js'
import { notWatched, telemetryGap } from './telemetry.js'
import { knownDisturbances } from './warnings.js'

/** Every rule that a run is judged by; what they find is shown in this order within a severity. */
export const allRules: readonly Rule[] = [
  nothingMeasured,
  comparedWithBase,
  repeatsFailed,
  measuredAgain,
  stopped,
  knownDisturbances,
  stoodStill,
  othersOnCpu,
  othersOnGpu,
  throttled,
  gpuLost,
  quota,
  steal,
  slowRank,
  swap,
  memoryPressure,
  littleMemory,
  powerSaving,
  onBattery,
  aboveIdeal,
  fewSteps,
  slowFirstEpoch,
  drift,
  blocksLeftOut,
  notWatched,
  telemetryGap,
  gpusLeftOut,
  clocksDiffer,
  sharedCores,
  lossDidNotFall,
  noBase,
]
