import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import type { Results } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import type { ControlState } from '../../shared/run/run-stage.js'
import type { DownloadProgress } from '../data/download.js'
import type { RunHistory } from '../history/run-history.js'
import type { PreparationOptions } from '../run/prepare-run.js'
import type { TrainerHost } from '../run/trainer-process.js'
import type { TelemetrySource } from './telemetry-source.js'

/** What run control reaches the outside through; each shell brings its own. */
export interface RunControlPorts {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  tandemVersion: string
  trainers: Omit<TrainerHost, 'logDirectory'>
  /** What the trainers' allocator does to engines that use it, for readers of their figures; null for nothing. */
  allocatorNote?: string | null
  history: RunHistory
  /** Null where nobody looks at the machine. */
  telemetry: TelemetrySource | null
  onState(state: ControlState): void
  onLiveEvent(event: LiveEvent): void
}

/** What someone chose to measure, and what they want told of it beside the live events. */
export interface RunRequest
  extends Pick<
    PreparationOptions,
    'tensorflowDirectory' | 'python' | 'engineSearch' | 'processes' | 'machines' | 'onMissingEngine'
  > {
  configuration: RunConfiguration
  /** What else goes on that a reader of the figures should know. */
  warnings?: readonly RunWarning[]
  onDownload?(progress: DownloadProgress): void
  onEvent?(event: RunEvent): void
  /** A further place for the results, beside the history. A rejection is a warning. */
  saveResults?(results: Results): Promise<void>
}
