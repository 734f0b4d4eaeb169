import type { GpuSample, GpuSource as GpuSourceName } from '../../shared/child/telemetry.js'

/** One way to learn about GPUs. */
export interface GpuSource {
  readonly name: GpuSourceName
  /** What is known now, by number. A GPU that was there once is in every later answer, as lost if need be. */
  sample(nowMs: number): GpuSample[]
  close(): void
}

/** `absent`: this machine does not have what the source reads, and nobody would expect it to. */
export type GpuSourceOpening =
  | { kind: 'opened'; source: GpuSource; problems: string[] }
  | { kind: 'absent' }
  | { kind: 'failed'; problem: string }
