import type { LiveEvent } from '../../shared/live/live-event.js'
import { type MeasurementSummary, measurementKey } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { ExpectedMeasurementCost } from '../../shared/run/run-events.js'
import { standardStoppingRule } from '../../shared/statistics/stopping-rule.js'
import { plannedImages } from '../run/planned-work.js'

/** Recent steps that a rate comes from: few enough to follow a change of pace. */
const windowSteps = 20

interface Progress {
  id: string
  imagesPlanned: number
  imagesDone: number
  startedAtMs: number | null
  trainingSinceMs: number | null
  recent: { images: number; stepMs: number }[]
  ended: boolean
}

/**
 * How long a run still takes, from what its steps took so far. A measurement that has not begun is expected to take
 * what it was known to beforehand; where that was not known, as long an image as the first one did, and as long to start
 * as the last one: pessimistic for strategies that are faster, and unknown before the first step. The one source of the
 * time left, for page and terminal.
 */
export class RemainingTime {
  private readonly byKey = new Map<string, Progress>()
  /** As the run began: what is expected is worked out anew where quick chooses other work. */
  private planned: Extract<LiveEvent, { type: 'run-started' }> | null = null
  private startMs: number | null = null
  private costs: ReadonlyMap<string, ExpectedMeasurementCost> = new Map()

  /** What is known of measurements before they begin. Guesses are not: the first steps say more. */
  expectCosts(costs: readonly ExpectedMeasurementCost[]): void {
    this.costs = new Map(costs.flatMap((cost) => (cost.basis === 'guess' ? [] : [[cost.id, cost]])))
  }

  follow(event: LiveEvent, nowMs: number, trainSamples: number): void {
    switch (event.type) {
      case 'run-started':
        this.planned = event
        this.expect(event.measurements, event.configuration, trainSamples)
        return
      case 'note':
        if (event.chosen === undefined || this.planned === null) return
        this.expect(
          this.planned.measurements,
          { ...this.planned.configuration, ...event.chosen },
          trainSamples,
        )
        return
      case 'phase': {
        const progress = this.byKey.get(event.id)
        if (progress === undefined) return
        progress.startedAtMs ??= nowMs
        if (event.phase !== 'training') return
        progress.trainingSinceMs = nowMs
        this.startMs = nowMs - progress.startedAtMs
        return
      }
      case 'steps': {
        const progress = this.byKey.get(event.id)
        if (progress === undefined) return
        for (const { images, stepMs } of event.steps) {
          progress.imagesDone += images
          progress.recent.push({ images, stepMs })
        }
        progress.recent = progress.recent.slice(-windowSteps)
        return
      }
      case 'measurement': {
        const key = measurementKey(event.measurement)
        const progress = this.byKey.get(key)
        if (progress === undefined) return
        const isRunning = event.measurement.status === 'running'
        // It was disturbed, and begins anew.
        if (progress.ended && isRunning) this.byKey.set(key, newProgress(progress))
        else progress.ended = !isRunning
        return
      }
      default:
        return
    }
  }

  /** Null while nothing was measured. */
  seconds(nowMs: number): number | null {
    const rates = [...this.byKey.values()].map(msPerImage)
    const usualMs = rates.find((rate) => rate !== null) ?? null
    let totalMs = 0
    for (const progress of this.byKey.values()) {
      if (progress.ended) continue
      const imageMs = msPerImage(progress) ?? this.costs.get(progress.id)?.imageMs ?? usualMs
      if (imageMs === null) return null
      const imagesLeft = Math.max(0, progress.imagesPlanned - progress.imagesDone)
      totalMs += imagesLeft * imageMs + this.startLeftMs(progress, nowMs)
    }
    return totalMs / 1000
  }

  private startLeftMs({ id, startedAtMs, trainingSinceMs }: Progress, nowMs: number): number {
    const startMs = this.costs.get(id)?.fixedMs ?? this.startMs
    if (trainingSinceMs !== null || startMs === null) return 0
    return Math.max(0, startMs - (startedAtMs === null ? 0 : nowMs - startedAtMs))
  }

  private expect(
    measurements: readonly MeasurementSummary[],
    configuration: RunConfiguration,
    trainSamples: number,
  ): void {
    this.byKey.clear()
    for (const measurement of measurements) {
      if (measurement.status === 'skipped') continue
      const imagesPlanned = plannedImages(measurement, configuration, trainSamples)
      for (let block = 0; block < expectedBlocks(configuration); block++) {
        this.byKey.set(
          measurementKey({ ...measurement, block }),
          newProgress({ id: measurement.id, imagesPlanned }),
        )
      }
    }
  }
}

/** How many more a run takes that ends when its intervals are narrow, nobody knows: at least so many. */
function expectedBlocks({ repeats, untilNarrow }: RunConfiguration): number {
  return untilNarrow ? Math.min(repeats, standardStoppingRule.minimumBlocks) : repeats
}

function newProgress({ id, imagesPlanned }: Pick<Progress, 'id' | 'imagesPlanned'>): Progress {
  return {
    id,
    imagesPlanned,
    imagesDone: 0,
    startedAtMs: null,
    trainingSinceMs: null,
    recent: [],
    ended: false,
  }
}

function msPerImage({ recent }: Progress): number | null {
  const images = recent.reduce((sum, step) => sum + step.images, 0)
  return images === 0 ? null : recent.reduce((sum, step) => sum + step.stepMs, 0) / images
}
