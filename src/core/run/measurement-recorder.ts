import type { EpochRecord, FromTrainer, StepRecord } from '../../shared/child/trainer-protocol.js'
import { assertNever, type ErrorReport } from '../../shared/errors.js'
import { meanLoss } from '../../shared/results/mean-loss.js'
import { type Measurement, measurementKey } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import type { Script } from '../../shared/script/script.js'
import { countingNote, countsWithoutSamples, worthOfStep } from '../../shared/script/script-counting.js'
import { slowestRank } from '../../shared/slowest-rank.js'
import { otherWorld } from '../script/explain-script.js'
import { KeptSteps } from './kept-steps.js'
import type { GroupOutcome } from './trainer-group.js'

/** Turns what the ranks of one measurement report into its entry in the results, and into events. */
export class MeasurementRecorder {
  private readonly measurement: Measurement
  private readonly epochsByRank: EpochRecord[][]
  private readonly steps: KeptSteps
  private readonly epochs: number
  private script: Script | undefined

  constructor(
    planned: Measurement,
    { epochs, script }: Pick<RunConfiguration, 'epochs' | 'script'>,
    private readonly onEvent: (event: RunEvent) => void,
  ) {
    this.steps = new KeptSteps(planned.worldSize)
    const { ranks } = this.steps
    this.epochs = epochs
    this.script = script
    // Lists of its own: the plan is used again for the next block.
    this.measurement = { ...planned, ranks, epochs: [] }
    this.epochsByRank = ranks.map(() => [])
  }

  /** As of now; later messages do not change it, apart from the step series, which grow. */
  current(): Measurement {
    const { keptEvery } = this.steps
    const thinned = keptEvery > 1 ? { keptEvery } : {}
    return { ...this.measurement, ...thinned, epochs: [...this.measurement.epochs] }
  }

  /** An error when the ranks contradict each other; null otherwise. */
  record(rank: number, message: FromTrainer): ErrorReport | null {
    const { measurement } = this
    const id = measurementKey(measurement)
    switch (message.type) {
      case 'ready':
        measurement.backend = message.backend
        measurement.backendVersion = message.backendVersion
        measurement.collective = message.collective
        measurement.loadMs = Math.max(measurement.loadMs ?? 0, message.loadMs)
        if (message.worldSize !== undefined && message.worldSize !== measurement.worldSize) {
          return otherWorld(message.worldSize, measurement.worldSize)
        }
        this.onEvent({ type: 'trainer-ready', id, rank, collective: message.collective })
        return null
      case 'warmed-up': {
        const { traceMs, firstStepMs, stepsPerEpoch, autotune, allReduces, buckets } = message
        measurement.traceMs = Math.max(measurement.traceMs ?? 0, traceMs)
        measurement.firstStepMs = Math.max(measurement.firstStepMs ?? 0, firstStepMs)
        if (rank === 0 && autotune !== undefined) measurement.autotune = autotune
        if (rank === 0 && allReduces !== undefined) measurement.allReduces = allReduces
        if (rank === 0 && buckets !== undefined) measurement.buckets = buckets
        this.onEvent({ type: 'warmed-up', id, rank, traceMs, firstStepMs, stepsPerEpoch, autotune })
        return null
      }
      case 'steps':
        this.recordSteps(rank, message.steps)
        return null
      case 'epoch':
        if (message.epoch.images === 0 && this.script === undefined) return nothingTrained(rank)
        this.epochsByRank[rank]?.push(message.epoch)
        return this.recordEpoch(message.epoch.epoch)
      case 'script':
        if (rank === 0) measurement.script = message.facts
        return null
      case 'done':
        measurement.peakMemoryBytes = (measurement.peakMemoryBytes ?? 0) + message.peakMemoryBytes
        return null
      case 'tuning':
      case 'tuned':
      case 'stopped':
      case 'failed':
        return null
      default:
        return assertNever(message, 'message of a trainer')
    }
  }

  private recordSteps(rank: number, told: readonly StepRecord[]): void {
    if (
      this.script !== undefined &&
      this.script.counts === undefined &&
      told.some(({ images }) => images === 0)
    ) {
      this.countWithoutSamples(this.script)
    }
    const { script, measurement } = this
    const steps =
      script?.counts === undefined
        ? told
        : told.map((step) => ({ ...step, images: worthOfStep(script, measurement.worldSize) }))
    this.steps.add(rank, steps)
    measurement.firstStepLoss ??= firstStepLoss(measurement.ranks)
    this.onEvent({ type: 'steps', id: measurementKey(measurement), rank, steps: [...steps] })
  }

  /** A step without known samples: the throughput of the others would be of something else. */
  private countWithoutSamples(script: Script): void {
    const counts = countsWithoutSamples(script)
    this.script = { ...script, counts }
    this.steps.recount(worthOfStep(script, this.measurement.worldSize))
    this.onEvent({ type: 'note', text: countingNote(script), counts })
  }

  /** The measurement as it ended. */
  conclude(outcome: GroupOutcome): Measurement {
    const slowest = slowestRank(this.measurement.ranks)
    const measured = { ...this.current(), ...(slowest !== null && { slowestRank: slowest }) }
    switch (outcome.kind) {
      case 'completed':
        return { ...measured, ...this.completion() }
      case 'cancelled':
        return { ...measured, status: 'cancelled' }
      case 'failed':
        return { ...measured, status: 'failed', error: outcome.error }
      default:
        return assertNever(outcome, 'outcome of a measurement')
    }
  }

  private completion(): Pick<Measurement, 'status' | 'error'> {
    const measured = this.measurement.epochs.length
    if (measured === this.epochs) return { status: 'completed', error: null }
    const message = `the trainers finished after ${measured} of ${this.epochs} epochs`
    const hint = 'This is a defect in Tandem; please report it with the log.'
    return { status: 'failed', error: { code: 'epochs-missing', message, hint } }
  }

  /** An epoch counts when every rank has finished it; the slowest one's time is the group's. */
  private recordEpoch(epoch: number): ErrorReport | null {
    const records = this.epochsByRank.map((ofRank) => ofRank.find((record) => record.epoch === epoch))
    const complete = records.filter((record) => record !== undefined)
    const [first] = complete
    if (first === undefined || complete.length < records.length) return null
    const diverged = complete.findIndex((record) => record.parameterChecksum !== first.parameterChecksum)
    if (diverged !== -1) return divergedError(this.measurement.title, diverged, epoch)

    const seconds = Math.max(...complete.map((record) => record.seconds))
    const accuracies = complete.flatMap(({ testAccuracy }) => (testAccuracy === null ? [] : [testAccuracy]))
    const merged: EpochRecord = { ...first, seconds, testAccuracy: accuracies[0] ?? null }
    if (this.measurement.script !== undefined) {
      // Each rank knows its own alone.
      merged.images = complete.reduce((sum, record) => sum + this.imagesOf(record), 0)
      this.measurement.globalBatchSize = Math.max(1, Math.round(merged.images / merged.steps))
      this.measurement.perDeviceBatchSize = Math.max(
        1,
        Math.round(merged.images / merged.steps / complete.length),
      )
    }
    this.measurement.epochs.push(merged)
    const { title } = this.measurement
    const id = measurementKey(this.measurement)
    this.onEvent({ type: 'epoch', id, title, epoch: merged, epochs: this.epochs })
    return null
  }

  /** Of one rank. */
  private imagesOf({ images, steps }: EpochRecord): number {
    const { script, measurement } = this
    return script?.counts === undefined ? images : steps * worthOfStep(script, measurement.worldSize)
  }
}

function nothingTrained(rank: number): ErrorReport {
  return {
    code: 'malformed-message',
    message: `rank ${rank} ended an epoch without an image`,
    hint: 'A trainer of another language has to count its images; Tandem’s own do.',
    rank,
  }
}

/** Weighted by images, as the mean loss of an epoch; null while a rank has not made its first step. */
function firstStepLoss(ranks: Measurement['ranks']): number | null {
  const first = ranks.flatMap(({ steps }) => steps[0] ?? [])
  return first.length < ranks.length ? null : meanLoss(first)
}

function divergedError(title: string, rank: number, epoch: number): ErrorReport {
  return {
    code: 'ranks-diverged',
    message: `${title}: after epoch ${epoch + 1} rank ${rank} holds other weights than rank 0`,
    hint: 'The ranks no longer train one model, so the figures would mean nothing. Please report this.',
    rank,
  }
}
