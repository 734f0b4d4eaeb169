/** What is wrong with comparing two strategies, or with a run as a whole, by name. */
export type FindingCode =
  // Equal work.
  | 'data-differs'
  | 'model-differs'
  | 'precision-differs'
  | 'engine-differs'
  | 'device-kind-differs'
  | 'images-differ'
  | 'step-limit'
  | 'epochs-differ'
  | 'learning-rate-differs'
  | 'weak-scaling'
  | 'work-assumed'
  | 'slowed-on-purpose'
  // The same training.
  | 'ranks-diverged'
  | 'first-step-loss'
  | 'final-loss'
  | 'loss-did-not-fall'
  // The machine.
  | 'not-watched'
  | 'telemetry-gap'
  | 'others-on-cpu'
  | 'others-on-gpu'
  | 'gpu-lost'
  | 'gpus-left-out'
  | 'throttled'
  | 'clocks-differ'
  | 'quota'
  | 'steal'
  | 'stood-still'
  | 'slow-rank'
  | 'swap'
  | 'memory-pressure'
  | 'little-memory'
  | 'power-saving'
  | 'on-battery'
  | 'shared-cores'
  // The figures themselves.
  | 'above-ideal'
  | 'few-steps'
  | 'slow-first-epoch'
  | 'drift'
  | 'measured-again'
  | 'repeats-failed'
  | 'blocks-left-out'
  | 'stopped'
  | 'unfinished'
  | 'no-base'
  | 'nothing-measured'
  // What Tandem knew of by itself.
  | 'other-run'
  | 'engine-install'
  | 'recording-gaps'
  | 'other-warning'

/**
 * - `note`: worth knowing; the figures stand.
 * - `warning`: the figures may be off.
 * - `unreliable`: the figures are of something else as well; only measuring again helps.
 * - `not-comparable`: the speedup of these strategies says nothing.
 */
export type Severity = 'note' | 'warning' | 'unreliable' | 'not-comparable'

export interface Finding {
  code: FindingCode
  severity: Severity
  /** The ids of the strategies that it is about; none for the run as a whole. */
  strategies: readonly string[]
  /** Sentences for a person who can act on them. */
  message: string
}

/** How far the figures of a run, or of one of its strategies, can be relied on; the best first. */
export const badges = ['valid', 'valid-with-warnings', 'unreliable', 'not-comparable'] as const

export type Badge = (typeof badges)[number]

/** The badge that these findings leave: another finding never makes it better. */
export function badgeOf(findings: readonly Finding[]): Badge {
  const has = (wanted: Severity): boolean => findings.some(({ severity }) => severity === wanted)
  if (has('not-comparable')) return 'not-comparable'
  if (has('unreliable')) return 'unreliable'
  return has('warning') ? 'valid-with-warnings' : 'valid'
}
