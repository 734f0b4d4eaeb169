import type { TelemetryState } from '../child/telemetry.js'
import type { DoctorState } from '../doctor/doctor-report.js'
import type { LiveEvent } from '../live/live-event.js'
import type { LiveRunSnapshot } from '../live/live-run.js'
import type { EngineState } from '../machine/engine-state.js'
import type { MachineFacts } from '../machine/machine-facts.js'
import type { ControlState } from '../run/run-stage.js'
import type { OfferedScript } from '../script/offered-script.js'

/** Everything that a host tells its pages, in order. */
export type HostEvent =
  | { type: 'control'; state: ControlState }
  | { type: 'engine'; state: EngineState }
  | { type: 'machine'; facts: MachineFacts }
  | { type: 'doctor'; state: DoctorState }
  | { type: 'telemetry-state'; state: TelemetryState }
  /** Of the run that is under way, or was the last one. `run-started` replaces the one before. */
  | { type: 'live'; event: LiveEvent }
  | { type: 'script-offered'; offered: OfferedScript }
  /** A run was added to the history, changed or deleted. */
  | { type: 'history-changed' }

/** All that a page needs to go on from: what the events so far have come to. */
export interface HostSnapshot {
  app: AppFacts
  control: ControlState
  engine: EngineState
  machine: MachineFacts | null
  telemetry: TelemetryState
  doctor: DoctorState
  /** The one script that pages may have measured; null where none was named. */
  offeredScript: OfferedScript | null
  /** The run that is under way, or the last one since the host was started. */
  run: LiveRunSnapshot | null
}

export interface AppFacts {
  version: string
  shell: 'desktop' | 'web'
  hostName: string
}
