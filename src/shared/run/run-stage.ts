import type { ErrorReport } from '../errors.js'

/** Where run control stands. One run at a time; after its end the stage stays until the next one begins. */
export type RunStage =
  | { kind: 'idle' }
  /** Nobody asked for this run: it starts by itself in so many seconds, unless it is cancelled. Not yet under way. */
  | { kind: 'countdown'; title: string; seconds: number }
  /** Before anything is measured: devices, engine and data are found, fetched and checked. */
  | { kind: 'preparing'; what: 'checking' | 'engine' | 'data'; detail: string | null }
  /** Quick tries a strategy, counted from 1, to know how fast it is here; once a machine that tunes it, too. */
  | {
      kind: 'calibrating'
      runId: string
      title: string
      index: number
      count: number
      tunes: boolean
      /** Of the tuning; null while nobody knows, and without one. */
      remainingSeconds: number | null
    }
  /** Measurement `index` of the `count` of a block, in block `block` of `blocks`, all counted from 1. */
  | {
      kind: 'measuring'
      runId: string
      title: string
      index: number
      count: number
      block: number
      /** At most, where blocks end once intervals are narrow enough. */
      blocks: number
      /** It was disturbed, and is measured again. */
      isRepeat: boolean
    }
  | { kind: 'finishing'; runId: string }
  | { kind: 'done'; runId: string }
  | { kind: 'failed'; runId: string | null; error: ErrorReport }
  | { kind: 'cancelled'; runId: string | null }

export interface ControlState {
  stage: RunStage
  /** Someone asked for the end, and it is on its way. */
  stopping: boolean
  /** Until the last measurement ends, from measured steps; null while nothing is known. */
  remainingSeconds: number | null
}

export const idleControl: ControlState = {
  stage: { kind: 'idle' },
  stopping: false,
  remainingSeconds: null,
}

/** Whether a run is under way. */
export function isActive({ kind }: RunStage): boolean {
  return kind === 'preparing' || kind === 'calibrating' || kind === 'measuring' || kind === 'finishing'
}
