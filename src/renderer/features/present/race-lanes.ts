import type { ExplainedMeasurement } from '../../../shared/explain/explained-run.js'
import { mostLanes, type Racer, secondsAt } from '../../../shared/explain/race.js'
import type { TrainedUnit } from '../../../shared/run/trained-unit.js'
import { median } from '../../../shared/statistics/quantiles.js'

/** A measurement that takes part, with how it is called and looks. */
export interface RaceLane extends Racer {
  /** Names the lane among those of all runs. */
  key: string
  runId: string
  /** Names the measurement within its run. */
  measurementKey: string
  id: string
  title: string
  /** Where it ran; empty in a race of one run. */
  where: string
  /** What its images are. */
  unit: TrainedUnit
}

/** One of the runs of a race. */
export interface RaceRun {
  runId: string
  /** What sets it apart from the other; empty where there is none. */
  where: string
  measurements: readonly ExplainedMeasurement[]
}

/** A lane for each strategy of each run: of its repeats the one that is nearest to their median. */
export function raceLanes(runs: readonly RaceRun[]): RaceLane[] {
  return runs.flatMap(({ runId, where, measurements }) => {
    const ids = [...new Set(measurements.map(({ id }) => id))]
    return ids.flatMap((id): RaceLane[] => {
      const repeat = middleRepeat(measurements.filter((one) => one.id === id))
      if (repeat === undefined) return []
      const { key, title, pace, epochImages, unit } = repeat
      return [
        { key: `${runId} ${key}`, runId, measurementKey: key, id, title, where, pace, epochImages, unit },
      ]
    })
  })
}

/** How a lane is called among those of its race. */
export function laneName({ title, where }: RaceLane): string {
  return where === '' ? title : `${title}, ${where}`
}

/** Who takes part at first: as many as fit, without what only a look at the base's other form adds. */
export function firstLanes(lanes: readonly RaceLane[], isMain: (lane: RaceLane) => boolean): string[] {
  const main = lanes.filter(isMain)
  return (main.length >= 2 ? main : lanes).slice(0, mostLanes).map(({ key }) => key)
}

function middleRepeat(repeats: readonly ExplainedMeasurement[]): ExplainedMeasurement | undefined {
  const seconds = (one: ExplainedMeasurement) => secondsAt(one.pace, one.epochImages)
  const middle = median(repeats.map(seconds)) ?? 0
  const distance = (one: ExplainedMeasurement) => Math.abs(seconds(one) - middle)
  return [...repeats].sort((a, b) => distance(a) - distance(b))[0]
}
