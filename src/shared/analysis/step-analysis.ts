import type { StepRecord } from '../child/trainer-protocol.js'
import { baseIdOf, isBase } from '../domain/measurement-ids.js'
import { machineCount } from '../machine/device.js'
import { clockUncertaintyMs } from '../machine/machine-clock.js'
import type { Measurement } from '../results/results.js'
import { deviceEquivalents } from '../results/summary.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { mean } from '../statistics/means.js'
import { findLateRank, type LateRank } from '../waterfall/late-rank.js'
import { type MeanPhases, meanPhases } from '../waterfall/mean-phases.js'
import { stragglerWaitMs } from '../waterfall/straggler-wait.js'
import { explainStep, type Waterfall } from '../waterfall/waterfall.js'
import { withinMachineMs } from './within-machine.js'

/** The mean step of one strategy over all its repeats, as its ranks saw it. */
export interface MeanStep {
  ranks: MeanPhases[]
  /** Null where arrivals are not known. */
  stragglerWaitMs: number | null
  /** Null where no rank is late for sure. */
  lateRank: LateRank | null
}

/** One strategy's answer to "why not N times?". */
export interface StrategyWaterfall {
  id: string
  title: string
  waterfall: Waterfall
}

/** Null where no repeat has a step of every rank. */
export function meanStep(repeats: readonly Measurement[]): MeanStep | null {
  const measured = repeats.filter(
    ({ ranks }) => ranks.length > 0 && ranks.every(({ steps }) => steps.length > 0),
  )
  const [first] = measured
  if (first === undefined) return null
  const stepsOf = (rank: number): StepRecord[] => measured.flatMap(({ ranks }) => ranks[rank]?.steps ?? [])
  const ranks = first.ranks.flatMap((_, rank) => meanPhases(stepsOf(rank)) ?? [])
  // Blocks number their steps alike, so each is looked at by itself.
  const blocks = measured.map(({ ranks: ofBlock }) => ofBlock.map(({ steps }) => steps))
  const uncertaintyMs = Math.max(...measured.map(({ clocks }) => clockUncertaintyMs(clocks)))
  const wait = mean(blocks.flatMap((steps) => stragglerWaitMs(steps) ?? []))
  return {
    ranks,
    // Below what clocks can be off by, a wait is not told from none.
    stragglerWaitMs: wait !== null && uncertaintyMs > 0 && wait <= uncertaintyMs ? null : wait,
    lateRank: findLateRank(blocks, uncertaintyMs),
  }
}

/** Of the mean rank, without the wait for the slowest one; null without an exchange that is known apart. */
export function exposedExchangeMs(step: MeanStep | null): number | null {
  const exchangeMs = mean(step?.ranks.map(({ communicationMs }) => communicationMs) ?? []) ?? 0
  return step === null || exchangeMs <= 0 ? null : exchangeMs - (step.stragglerWaitMs ?? 0)
}

/** The step of each of these strategies against Single's; none without Single. */
export function strategyWaterfalls(
  measurements: readonly Measurement[],
  ids: readonly string[],
  unit: TrainedUnit,
): StrategyWaterfall[] {
  const of = (id: string): Measurement[] => measurements.filter((measurement) => measurement.id === id)
  return ids.flatMap((id) => {
    if (isBase({ id })) return []
    const bases = of(baseIdOf({ id }))
    const [single] = bases
    const base = meanStep(bases)?.ranks[0]
    if (single === undefined || base === undefined) return []
    const repeats = of(id)
    const [first] = repeats
    const step = meanStep(repeats)
    if (first === undefined || step === null) return []
    const { strategy, title } = first
    const devices = deviceEquivalents(first, single)
    const exposedOf = (other: string) => exposedExchangeMs(meanStep(of(other)))
    const waterfall = explainStep({
      ...{ strategy, base, devices, unit, ...step },
      ...(machineCount(first.devices) > 1 && {
        withinMachineMs: withinMachineMs(measurements, first, exposedOf),
      }),
    })
    return waterfall === null ? [] : [{ id, title, waterfall }]
  })
}
