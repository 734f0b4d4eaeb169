import type { LiveEvent } from '../../shared/live/live-event.js'
import type { MeasurementSummary } from '../../shared/results.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'

/** Recent steps that a rate comes from: few enough to follow a change of pace. */
const windowSteps = 20

interface Progress {
  imagesPlanned: number
  imagesDone: number
  startedAtMs: number | null
  trainingSinceMs: number | null
  recent: { images: number; stepMs: number }[]
  ended: boolean
}

/**
 * How long a run still takes, from what its steps took so far. A measurement that has not begun is expected to
 * take as long an image as the first one did, and as long to start as the last one: pessimistic for strategies
 * that are faster. Unknown before the first step.
 */
export class RemainingTime {
  private readonly byId = new Map<string, Progress>()
  private startMs: number | null = null

  follow(event: LiveEvent, nowMs: number, trainSamples: number): void {
    switch (event.type) {
      case 'run-started':
        for (const measurement of event.measurements) {
          if (measurement.status === 'skipped') continue
          const imagesPlanned = plannedImages(measurement, event.configuration, trainSamples)
          this.byId.set(measurement.id, newProgress(imagesPlanned))
        }
        return
      case 'note':
        if (event.samplesPerEpoch !== null) this.rescale(trainSamples, event.samplesPerEpoch)
        return
      case 'phase': {
        const progress = this.byId.get(event.id)
        if (progress === undefined) return
        progress.startedAtMs ??= nowMs
        if (event.phase !== 'training') return
        progress.trainingSinceMs = nowMs
        this.startMs = nowMs - progress.startedAtMs
        return
      }
      case 'steps': {
        const progress = this.byId.get(event.id)
        if (progress === undefined) return
        for (const { images, stepMs } of event.steps) {
          progress.imagesDone += images
          progress.recent.push({ images, stepMs })
        }
        progress.recent = progress.recent.slice(-windowSteps)
        return
      }
      case 'measurement': {
        const progress = this.byId.get(event.measurement.id)
        if (progress !== undefined) progress.ended = event.measurement.status !== 'running'
        return
      }
      default:
        return
    }
  }

  /** Null while nothing was measured. */
  seconds(nowMs: number): number | null {
    const rates = [...this.byId.values()].map(msPerImage)
    const usualMs = rates.find((rate) => rate !== null)
    if (usualMs === undefined || usualMs === null) return null
    let totalMs = 0
    for (const progress of this.byId.values()) {
      if (progress.ended) continue
      const imagesLeft = Math.max(0, progress.imagesPlanned - progress.imagesDone)
      totalMs += imagesLeft * (msPerImage(progress) ?? usualMs) + this.startLeftMs(progress, nowMs)
    }
    return totalMs / 1000
  }

  private startLeftMs({ startedAtMs, trainingSinceMs }: Progress, nowMs: number): number {
    if (trainingSinceMs !== null || this.startMs === null) return 0
    return Math.max(0, this.startMs - (startedAtMs === null ? 0 : nowMs - startedAtMs))
  }

  private rescale(before: number, after: number): void {
    for (const progress of this.byId.values()) progress.imagesPlanned *= after / before
  }
}

function newProgress(imagesPlanned: number): Progress {
  return {
    imagesPlanned,
    imagesDone: 0,
    startedAtMs: null,
    trainingSinceMs: null,
    recent: [],
    ended: false,
  }
}

function plannedImages(
  { globalBatchSize }: MeasurementSummary,
  { samplesPerEpoch, maxStepsPerEpoch, epochs }: RunConfiguration,
  trainSamples: number,
): number {
  const samples = samplesPerEpoch ?? trainSamples
  const limit = maxStepsPerEpoch === -1 ? samples : maxStepsPerEpoch * globalBatchSize
  return epochs * Math.min(samples, limit)
}

function msPerImage({ recent }: Progress): number | null {
  const images = recent.reduce((sum, step) => sum + step.images, 0)
  return images === 0 ? null : recent.reduce((sum, step) => sum + step.stepMs, 0) / images
}
