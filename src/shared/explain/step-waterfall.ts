import type { Strategy } from '../domain/strategies.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { type MeanPhases, meanPhases } from '../waterfall/mean-phases.js'
import { stragglerWaitMs } from '../waterfall/straggler-wait.js'
import { explainStep, type Waterfall, type WaterfallBar } from '../waterfall/waterfall.js'
import { type PhaseName, phaseNames, phases } from './phases.js'
import type { RecordedStep } from './recorded-step.js'
import type { StepLanes } from './step-lanes.js'

/** "Why not N times?" of one step, against the base's mean step. Null without images. */
export function stepWaterfall(
  { ranks }: Pick<RecordedStep, 'ranks'>,
  {
    strategy,
    base,
    devices,
    machines = 1,
    unit,
  }: { strategy: Strategy; base: MeanPhases; devices: number; machines?: number; unit: TrainedUnit },
): Waterfall | null {
  return explainStep({
    strategy,
    base,
    devices,
    unit,
    ranks: ranks.flatMap((record) => meanPhases([record]) ?? []),
    // What one step would have taken on one machine is known only where each machine has one rank.
    ...(machines > 1 && { withinMachineMs: machines === ranks.length ? 0 : null }),
    stragglerWaitMs: stragglerWaitMs(ranks.map((record) => [record])),
  })
}

/** A bar with the phases whose time is in it. */
export interface FoldedBar {
  bar: WaterfallBar
  phases: PhaseName[]
  /** Of these phases, on the mean of the ranks. */
  collectedMs: number
}

/**
 * The lanes of a step, folded into its waterfall: which phases' time went into which bar. Every phase goes into one bar,
 * so what is collected adds up to the mean rank's step, and the bars from the ideal to the slowest rank's.
 */
export function foldIntoBars(
  { lanes, isShared }: Pick<StepLanes, 'lanes' | 'isShared'>,
  { bars }: Waterfall,
): FoldedBar[] {
  const ofRanks = isShared ? lanes.slice(0, 1) : lanes
  const collected = new Map<PhaseName, number>()
  for (const { spans } of ofRanks) {
    for (const { phase, fromMs, toMs } of spans) {
      collected.set(phase, (collected.get(phase) ?? 0) + (toMs - fromMs) / ofRanks.length)
    }
  }
  const names = new Set(bars.map(({ name }) => name))
  const barOf = (phase: PhaseName) => {
    const { bar } = phases[phase]
    if (bar === 'all-reduce' && !names.has(bar) && names.has('between-machines')) return 'between-machines'
    // Without arrivals, or an update of its own, its time is in what contains it.
    return names.has(bar) ? bar : 'unexplained'
  }
  return bars.map((bar) => {
    const within = phaseNames.filter((phase) => collected.has(phase) && barOf(phase) === bar.name)
    return {
      bar,
      phases: within,
      collectedMs: within.reduce((sum, phase) => sum + (collected.get(phase) ?? 0), 0),
    }
  })
}
