import type { Measurement, Results } from '../../shared/results/results.js'
import { speedupEstimates } from '../../shared/results/strategy-results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { planBlocks } from '../../shared/statistics/block-plan.js'
import {
  decideStopping,
  describeStoppingDecision,
  type StoppingRule,
  standardStoppingRule,
} from '../../shared/statistics/stopping-rule.js'

/**
 * The measurements of a block in their order: as planned where there is one block, so that what the others are held
 * against comes first; by chance, by the run's seed, where there are several.
 */
export function orderOfBlock(
  measurements: readonly Measurement[],
  block: number,
  { repeats, seed }: Pick<RunConfiguration, 'repeats' | 'seed'>,
): Measurement[] {
  const ids = measurements.map(({ id }) => id)
  const order = repeats === 1 ? ids : (planBlocks(ids, block + 1, seed)[block] ?? ids)
  const inOrder = order.flatMap((id) => measurements.filter((measurement) => measurement.id === id))
  // What cannot be measured is said once.
  const repeated = block === 0 ? inOrder : inOrder.filter(({ status }) => status !== 'skipped')
  return repeated.map((measurement) => ({ ...measurement, block }))
}

/** The rule of a run that ends once its intervals are narrow enough; null for one whose blocks are counted. */
export function stoppingRule({
  untilNarrow,
  repeats,
}: Pick<RunConfiguration, 'untilNarrow' | 'repeats'>): StoppingRule | null {
  if (!untilNarrow) return null
  const minimumBlocks = Math.min(standardStoppingRule.minimumBlocks, repeats)
  return { ...standardStoppingRule, minimumBlocks, maximumBlocks: repeats }
}

/** Why no more blocks are needed after so many, in a line to read beside the figures; null while they are. */
export function whyEnough({ configuration, measurements }: Results, blocksDone: number): string | null {
  const rule = stoppingRule(configuration)
  if (rule === null) return null
  const decision = decideStopping(speedupEstimates(measurements), blocksDone, rule)
  return decision.goOn ? null : describeStoppingDecision(decision, blocksDone, rule)
}
