import { type Moment, momentAt, type StageClock } from '../../../shared/explain/stage-clock.js'
import { FrameTicker } from '../../charts/frame-ticker.js'

export interface PlayerState {
  isPlaying: boolean
  /** Of the show. */
  seconds: number
}

/** What a stage is drawn from: a moment that changes. */
export type ShownMoment = Pick<StepPlayer, 'moment' | 'subscribe'>

/** After the step has ended, its lanes fold into the waterfall for so long. */
export const foldSeconds = 5

/** Less than the shortest phase is on the stage, so that it is still this one. */
const intoPhaseSeconds = 0.4

/** In stills, each phase stands for so long. */
const stillMs = 2_500

/**
 * Plays the show of one step: forward, to a phase, to a moment. It asks for frames only while it plays and the
 * page is seen. Who prefers reduced motion gets stills: the show jumps from phase to phase.
 */
export class StepPlayer {
  private state: PlayerState = { isPlaying: false, seconds: 0 }
  private readonly ticker: FrameTicker
  private readonly listeners = new Set<() => void>()

  constructor(
    readonly clock: StageClock,
    /** Whether the lanes fold into a waterfall at the end. */
    readonly folds: boolean,
    private readonly inStills: boolean,
  ) {
    this.ticker = new FrameTicker((elapsedMs) => this.advance(elapsedMs), inStills ? stillMs : null)
  }

  /** @returns ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  get current(): PlayerState {
    return this.state
  }

  get lengthSeconds(): number {
    return this.clock.lengthSeconds + (this.folds ? foldSeconds : 0)
  }

  get moment(): Moment {
    return momentAt(this.clock, this.state.seconds)
  }

  /** How far the lanes are folded: 0 until the step has ended. */
  get folded(): number {
    if (!this.folds) return 0
    return Math.min(1, Math.max(0, (this.state.seconds - this.clock.lengthSeconds) / (foldSeconds - 1)))
  }

  get hasEnded(): boolean {
    return this.state.seconds >= this.lengthSeconds
  }

  play(): void {
    if (this.state.isPlaying) return
    this.change({ isPlaying: true, ...(this.hasEnded && { seconds: 0 }) })
    this.ticker.start()
  }

  pause(): void {
    this.ticker.stop()
    this.change({ isPlaying: false })
  }

  seek(seconds: number): void {
    this.change({ seconds: Math.min(Math.max(seconds, 0), this.lengthSeconds) })
  }

  /** To the phase before or after this one; the end counts as one. */
  stepPhase(direction: 1 | -1): void {
    this.pause()
    const { seconds } = this.state
    const places = [0, ...this.places, this.lengthSeconds]
    const place =
      direction === 1
        ? places.find((at) => at > seconds + 0.01)
        : places.findLast((at) => at < seconds - 0.01)
    this.seek(place ?? (direction === 1 ? this.lengthSeconds : 0))
  }

  /** Where phases are looked at one by one: a little into each, when what travels is on its way. */
  private get places(): number[] {
    return this.clock.stops.flatMap(({ atSeconds }) => (atSeconds > 0 ? atSeconds + intoPhaseSeconds : []))
  }

  close(): void {
    this.pause()
    this.listeners.clear()
  }

  private advance(elapsedMs: number): void {
    const { seconds } = this.state
    const nextStill = this.places.find((at) => at > seconds + 0.01) ?? this.lengthSeconds
    this.seek(this.inStills ? nextStill : seconds + elapsedMs / 1000)
    if (this.hasEnded) this.pause()
  }

  private change(part: Partial<PlayerState>): void {
    this.state = { ...this.state, ...part }
    for (const listener of this.listeners) listener()
  }
}
