import { type GroupStep, stepImagesPerSecond } from './group-step.js'
import { ThinnedSeries, type ThinnedSeriesSnapshot } from './thinned-series.js'

/** The channels of a measurement's series, in order. The first three are what charts lay along the x axis. */
export const stepChannels = [
  /** Steps since the measurement's first one. */
  'steps',
  /** Epochs done, with their fraction. */
  'epochs',
  /** Seconds since the measurement's first step began. */
  'seconds',
  'loss',
  'imagesPerSecond',
  /** All images over all step time so far. */
  'meanImagesPerSecond',
  'stepMs',
  'dataWaitMs',
  'computeMs',
  'communicationMs',
  'updateMs',
] as const

export type StepChannel = (typeof stepChannels)[number]

/** Many ranks in a long run: fewer buckets each. */
const rankCapacity = 512

/** The steps of one measurement, thinned, and what is derived from all of them. */
export class StepSeries {
  readonly group: ThinnedSeries
  /** A channel a rank; null where there is one process, or ranks do not say. */
  rankStepMs: ThinnedSeries | null = null
  rankLateMs: ThinnedSeries | null = null
  stepsPerEpoch: number | null = null
  /** Images and milliseconds of all steps so far. */
  images = 0
  stepMs = 0
  latest: GroupStep | null = null
  private firstStepStartedAtMs: number | null = null

  constructor(group = new ThinnedSeries(stepChannels.length)) {
    this.group = group
  }

  /** Over all steps so far; null before the first. */
  get meanImagesPerSecond(): number | null {
    return stepImagesPerSecond(this)
  }

  append(step: GroupStep): void {
    this.firstStepStartedAtMs ??= step.endedAtMs - step.stepMs
    this.images += step.images
    this.stepMs += step.stepMs
    this.latest = step
    const perEpoch = this.stepsPerEpoch
    const values: Record<StepChannel, number | null> = {
      // Not how many were appended: of a very long recording only some are read.
      steps: perEpoch === null ? this.group.length : step.epoch * perEpoch + step.step,
      epochs: perEpoch === null ? null : step.epoch + (step.step + 1) / perEpoch,
      seconds: (step.endedAtMs - this.firstStepStartedAtMs) / 1000,
      loss: step.loss,
      imagesPerSecond: stepImagesPerSecond(step),
      meanImagesPerSecond: this.meanImagesPerSecond,
      stepMs: step.stepMs,
      dataWaitMs: step.dataWaitMs,
      computeMs: step.computeMs,
      communicationMs: step.communicationMs,
      updateMs: step.updateMs,
    }
    this.group.append(stepChannels.map((channel) => values[channel]))
    if (step.ranks === null) return
    const { stepMs, lateMs } = step.ranks
    this.rankStepMs ??= new ThinnedSeries(stepMs.length, rankCapacity)
    this.rankStepMs.append(stepMs)
    if (lateMs === null) return
    this.rankLateMs ??= new ThinnedSeries(lateMs.length, rankCapacity)
    this.rankLateMs.append(lateMs)
  }

  /** Every step so far had so many images. */
  countAs(imagesOfStep: number): void {
    const place = (channel: StepChannel): number => stepChannels.indexOf(channel)
    const [rate, meanRate, stepMs] = [place('imagesPerSecond'), place('meanImagesPerSecond'), place('stepMs')]
    let [steps, totalMs] = [0, 0]
    this.group.rewrite([rate, meanRate], (bucket, entries) => {
      const bucketMs = this.group.mean(stepMs, bucket) ?? 0
      steps += entries
      totalMs += bucketMs * entries
      return [
        stepImagesPerSecond({ images: imagesOfStep, stepMs: bucketMs }),
        stepImagesPerSecond({ images: imagesOfStep * steps, stepMs: totalMs }),
      ]
    })
    this.images = imagesOfStep * this.group.length
    if (this.latest !== null) this.latest = { ...this.latest, images: imagesOfStep }
  }

  toSnapshot(): StepSeriesSnapshot {
    return {
      group: this.group.toSnapshot(),
      rankStepMs: this.rankStepMs?.toSnapshot() ?? null,
      rankLateMs: this.rankLateMs?.toSnapshot() ?? null,
      stepsPerEpoch: this.stepsPerEpoch,
      images: this.images,
      stepMs: this.stepMs,
      latest: this.latest,
      firstStepStartedAtMs: this.firstStepStartedAtMs,
    }
  }

  static fromSnapshot(snapshot: StepSeriesSnapshot): StepSeries {
    const revive = (series: ThinnedSeriesSnapshot | null) =>
      series === null ? null : ThinnedSeries.fromSnapshot(series)
    const series = new StepSeries(ThinnedSeries.fromSnapshot(snapshot.group))
    series.rankStepMs = revive(snapshot.rankStepMs)
    series.rankLateMs = revive(snapshot.rankLateMs)
    series.stepsPerEpoch = snapshot.stepsPerEpoch
    series.images = snapshot.images
    series.stepMs = snapshot.stepMs
    series.latest = snapshot.latest
    series.firstStepStartedAtMs = snapshot.firstStepStartedAtMs
    return series
  }
}

export interface StepSeriesSnapshot {
  group: ThinnedSeriesSnapshot
  rankStepMs: ThinnedSeriesSnapshot | null
  rankLateMs: ThinnedSeriesSnapshot | null
  stepsPerEpoch: number | null
  images: number
  stepMs: number
  latest: GroupStep | null
  firstStepStartedAtMs: number | null
}
