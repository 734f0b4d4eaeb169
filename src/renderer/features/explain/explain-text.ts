import { phaseCaption, unseparated } from '../../../shared/explain/captions.js'
import type { PhaseName } from '../../../shared/explain/phases.js'
import { type Moment, spokenPhase } from '../../../shared/explain/stage-clock.js'
import { formatCount, formatPercent } from '../../../shared/text/format.js'
import type { StageScene } from './stage-scene.js'

/** `116.2 ms`; below 10 with two decimals: phases can be that short; from a second on with none. */
export function formatMilliseconds(ms: number): string {
  return `${millisecondDigits(ms)} ms`
}

/** As `formatMilliseconds`, without the unit. */
export function millisecondDigits(ms: number): string {
  if (Math.abs(ms) >= 1000) return formatCount(Math.round(ms))
  return ms.toFixed(Math.abs(ms) < 10 ? 2 : 1)
}

/** What to say at a moment; null at the end. */
export function captionAt(
  { lanes, cast }: StageScene,
  moment: Moment,
): { phase: PhaseName; text: string } | null {
  const phase = spokenPhase(lanes.lanes, moment)
  return phase === null ? null : { phase, text: phaseCaption(phase, cast) }
}

/** What a viewer should know of these lanes, in sentences. */
export function laneNotes({ lanes, cast, isModel }: StageScene): string[] {
  if (isModel)
    return ['Model, not measured: compute by batch size, the update, and the all-reduce by link speed.']
  const found = new Set(lanes.lanes.flatMap(({ spans }) => spans.map(({ phase }) => phase)))
  const apart = unseparated(found, cast)
  return [
    ...(apart === null ? [] : [apart]),
    ...(lanes.restMs > 0.05
      ? [`Grey: ${formatMilliseconds(lanes.restMs)} (${formatPercent(lanes.restShare)}) belong to no phase.`]
      : []),
    ...(lanes.excessShare > 0.01
      ? [`Phases of this step add up to ${formatPercent(lanes.excessShare)} more than the step took.`]
      : []),
    ...(lanes.clocksDisagree ? ['Clocks of the ranks disagree: waiting is only roughly known.'] : []),
  ]
}

/** `node 2`; of several `nodes 2 to 3`. */
export function machinesText(machines: readonly number[]): string {
  const [first = 0, last = 0] = [machines[0], machines.at(-1)]
  return first === last ? `node ${first}` : `nodes ${first} to ${last}`
}
