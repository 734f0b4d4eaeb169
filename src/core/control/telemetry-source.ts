import type { TelemetrySample } from '../../shared/child/telemetry.js'

/** What run control needs of telemetry: samples as they come, and a say in whose processes are looked at. */
export interface TelemetrySource {
  /** @returns ends the subscription */
  onSample(listener: (sample: TelemetrySample) => void): () => void
  /** The trainers that run now; replaces the list from before. */
  watch(pids: readonly number[]): void
}
