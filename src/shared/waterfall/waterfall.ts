import type { Strategy } from '../domain/strategies.js'
import { callParts } from '../domain/strategies.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { mean } from '../statistics/means.js'
import { type BarName, barTitle } from './bar-titles.js'
import type { LateRank } from './late-rank.js'
import type { MeanPhases } from './mean-phases.js'

/** One step of the waterfall: what a mean step takes longer than the ideal for this one reason. */
export interface WaterfallBar {
  name: BarName
  /** What it is, as people read it beside the bar; it follows the sign. */
  title: string
  /** Below 0 where it takes less time than its ideal share. */
  msPerStep: number
  /** As a share of the ideal step: 0.1 is 10 % of it. */
  shareOfIdeal: number
}

/** From the ideal to the measured: `idealMs` and the bars add up to `measuredMs`. */
export interface Waterfall {
  /** A step of as many images, at the base's pace, shared among the devices without any cost. */
  idealMs: number
  measuredMs: number
  bars: WaterfallBar[]
}

export interface WaterfallInput {
  strategy: Strategy
  /** The mean step of Single on one device. */
  base: MeanPhases
  /** The strategy's mean steps: one for Single and DP, one a rank for DDP. */
  ranks: readonly MeanPhases[]
  /** Devices of the base's kind that the strategy computes on. */
  devices: number
  /** From each rank's arrival; null where it is not known, then it stays within the all-reduce. */
  stragglerWaitMs: number | null
  /**
   * Over several machines: what the exchange would take if all ranks were on one of them, in milliseconds; null where it
   * is not known. Absent on one machine.
   */
  withinMachineMs?: number | null
  /** The rank that the others wait for, where one surely is late; the wait's title names it. */
  lateRank?: LateRank | null
  /** What images are. */
  unit: TrainedUnit
}

/**
 * Why a strategy on N devices is not N times as fast as its base. Null without images.
 *
 * The ideal step is the base's time for as many images, over N; so is the ideal share of each of its phases. A bar is
 * what the phase takes (mean over the ranks) beyond its share. The exchange of gradients has no share, since the base
 * has none. `unexplained` is what lies between the phases, and what the slowest rank, whose mean step is the measured
 * one, is slower than the mean rank.
 *
 * The bars come in the order of a step; those that there is no figure for are left out, and their time is in the bar
 * whose title says so.
 */
export function explainStep(input: WaterfallInput): Waterfall | null {
  const { strategy, base, ranks, devices, lateRank = null, withinMachineMs, unit } = input
  const images = ranks.reduce((sum, rank) => sum + rank.images, 0)
  if (images === 0 || base.images === 0) return null
  const share = images / base.images / devices
  const idealMs = base.stepMs * share
  const measuredMs = Math.max(...ranks.map((rank) => rank.stepMs))
  const explained = explainedAmounts(input, share)
  const amounts: Amount[] = [...explained, ['unexplained', measuredMs - idealMs - total(explained)]]
  const names = new Set(amounts.map(([name]) => name))
  const crossesMachines = withinMachineMs !== undefined
  const context = { strategy, baseUpdates: base.updateMs > 0, lateRank, crossesMachines, unit }
  const bars = amounts.map(([name, msPerStep]) => ({
    name,
    title: barTitle(name, msPerStep, { ...context, names }),
    msPerStep,
    shareOfIdeal: msPerStep / idealMs,
  }))
  return { idealMs, measuredMs, bars }
}

type Amount = [name: BarName, ms: number]

/** What phases take beyond their share of the base's. */
function explainedAmounts(
  { base, ranks, stragglerWaitMs, withinMachineMs }: WaterfallInput,
  share: number,
): Amount[] {
  type Phase = Exclude<keyof MeanPhases, 'images'>
  const meanOf = (phase: Phase) => mean(ranks.map((rank) => rank[phase] ?? 0)) ?? 0
  const beyondShare = (phase: Phase) => meanOf(phase) - (base[phase] ?? 0) * share
  const parts = callParts
    .filter((name) => ranks.some((rank) => rank[`${name}Ms`] !== undefined))
    .map((name): Amount => [name, meanOf(`${name}Ms`)])
  const communicationMs = meanOf('communicationMs')
  const amounts: Amount[] = [
    ['data-wait', beyondShare('dataWaitMs')],
    ...parts,
    ['compute', beyondShare('computeMs') - total(parts)],
  ]
  if (stragglerWaitMs !== null) amounts.push(['straggler-wait', stragglerWaitMs])
  if (communicationMs > 0) {
    amounts.push(...exchangeAmounts(communicationMs - (stragglerWaitMs ?? 0), withinMachineMs ?? null))
  }
  if (meanOf('updateMs') > 0 || base.updateMs > 0) amounts.push(['update', beyondShare('updateMs')])
  return amounts
}

/** What the border between machines adds to an exchange; nothing where it takes no longer than within one. */
function exchangeAmounts(exposedMs: number, withinMachineMs: number | null): Amount[] {
  if (withinMachineMs === null) return [['all-reduce', exposedMs]]
  const within = Math.min(withinMachineMs, exposedMs)
  const between: Amount = ['between-machines', exposedMs - within]
  // A device a machine: there is no exchange within one.
  return withinMachineMs === 0 ? [between] : [['all-reduce', within], between]
}

function total(amounts: readonly Amount[]): number {
  return amounts.reduce((sum, [, ms]) => sum + ms, 0)
}
