import type { MeasurementSummary } from '../results/results.js'
import type { WorkDifference } from './work.js'

/**
 * How far the loss of the first step may lie from Single's, in nats. Both start from the same weights and see the same
 * pictures, or one the beginning of the other's batch; the rest is batch norm's statistics, which are of each device's
 * own share, and chance in what more pictures show. Four times what was seen on average in 40 pairs (docs/decisions/019):
 * it finds a wrong loss, wrong pixels or wrong weights, not a subtle one.
 */
export const firstStepTolerance = {
  /** Arithmetic: other orders of summation, bfloat16. */
  numerical: 0.02,
  /** Times the difference of 1 / images a device. */
  batchStatistics: 10,
  /** Times the root of the difference of 1 / images a step: four times 0.9, the spread of one picture's loss. */
  pictures: 3.6,
}

/**
 * How far the mean loss of the last epoch may lie from Single's, in nats. Rounding alone drives training apart: Single
 * on one core and on two, equal in every picture and every weight they begin with, were up to 0.08 apart after two to
 * six epochs that learnt something, DP and DDP up to 0.13.
 */
export const finalLossTolerance = 0.3

type Compared = Pick<
  MeasurementSummary,
  'firstStepLoss' | 'epochs' | 'globalBatchSize' | 'perDeviceBatchSize' | 'error'
>

/**
 * The parity gate: whether a strategy trains what Single trains, by its weights and losses. `baseTitle` names Single.
 * Finds nothing where losses are not known.
 */
export function compareTraining(strategy: Compared, base: Compared, baseTitle: string): WorkDifference[] {
  return [
    ...divergedRanks(strategy),
    ...compareFirstStep(strategy, base, baseTitle),
    ...compareLastEpoch(strategy, base, baseTitle),
  ]
}

/** Ranks compare the checksums of their weights after every epoch; where they differ the measurement fails by this. */
function divergedRanks({ error }: Compared): WorkDifference[] {
  if (error?.code !== 'ranks-diverged') return []
  return [
    {
      code: 'ranks-diverged',
      severity: 'not-comparable',
      message: 'its ranks no longer held the same weights',
    },
  ]
}

function compareFirstStep(strategy: Compared, base: Compared, baseTitle: string): WorkDifference[] {
  const [own, other] = [strategy.firstStepLoss, base.firstStepLoss]
  if (own === null || other === null) return []
  const { numerical, batchStatistics, pictures } = firstStepTolerance
  const tolerance =
    numerical +
    batchStatistics * Math.abs(1 / strategy.perDeviceBatchSize - 1 / base.perDeviceBatchSize) +
    pictures * Math.sqrt(Math.abs(1 / strategy.globalBatchSize - 1 / base.globalBatchSize))
  if (Math.abs(own - other) <= tolerance) return []
  const message = `its first step has a loss of ${own.toFixed(3)}, ${baseTitle}'s ${other.toFixed(3)}, and they may differ by ${tolerance.toFixed(3)}: it does not train the same model on the same pictures`
  return [{ code: 'first-step-loss', severity: 'not-comparable', message }]
}

/** Only over as many updates, and where Single learns: a loss that grows grows by chance. */
function compareLastEpoch(strategy: Compared, base: Compared, baseTitle: string): WorkDifference[] {
  const [own, other] = [strategy.epochs.at(-1), base.epochs.at(-1)]
  if (own === undefined || other === undefined || own.epoch !== other.epoch) return []
  if (strategy.globalBatchSize !== base.globalBatchSize || !hasLearnt(base)) return []
  if (own.loss === undefined || other.loss === undefined) return []
  if (Math.abs(own.loss - other.loss) <= finalLossTolerance) return []
  const message = `its last epoch has a mean loss of ${own.loss.toFixed(3)}, ${baseTitle}'s ${other.loss.toFixed(3)}, and chance explains at most ${finalLossTolerance}`
  return [{ code: 'final-loss', severity: 'warning', message }]
}

/** Whether the last epoch's mean loss is below what the first step began with; false where one is not known. */
export function hasLearnt({ firstStepLoss, epochs }: Pick<Compared, 'firstStepLoss' | 'epochs'>): boolean {
  const last = epochs.at(-1)
  return firstStepLoss !== null && last?.loss !== undefined && last.loss < firstStepLoss
}
