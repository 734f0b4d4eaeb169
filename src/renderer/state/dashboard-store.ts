import { createStore } from 'zustand/vanilla'
import type { TelemetryState } from '../../shared/child/telemetry.js'
import type { AppFacts, HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import type { DoctorState } from '../../shared/doctor/doctor-report.js'
import { assertNever } from '../../shared/errors.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { LiveRun } from '../../shared/live/live-run.js'
import type { EngineState } from '../../shared/machine/engine-state.js'
import type { MachineFacts } from '../../shared/machine/machine-facts.js'
import { type ControlState, idleControl } from '../../shared/run/run-stage.js'
import type { OfferedScript } from '../../shared/script/offered-script.js'
import type { Connection, HostListener } from '../host/host-client.js'
import { RunView } from './run-view.js'

/** What the page knows of its host. Small and immutable; series live in the run's view. */
export interface DashboardState {
  connection: Connection
  app: AppFacts | null
  control: ControlState
  engine: EngineState
  machine: MachineFacts | null
  telemetry: TelemetryState
  doctor: DoctorState
  /** The one script that this page may have measured; null where none was named. */
  offeredScript: OfferedScript | null
  /** The run that is under way, or the last one since the host was started. */
  view: RunView | null
  /** Rises when the history has changed. */
  historyRevision: number
  /** Events that this page was too slow for, so far. */
  droppedEvents: number
}

export type DashboardStore = ReturnType<typeof createDashboardStore>

export function createDashboardStore() {
  return createStore<DashboardState>(() => ({
    connection: { status: 'connecting' },
    app: null,
    control: idleControl,
    engine: { status: 'searching' },
    machine: null,
    telemetry: { state: 'stopped', gpuSources: [], problems: [] },
    doctor: { status: 'idle' },
    offeredScript: null,
    view: null,
    historyRevision: 0,
    droppedEvents: 0,
  }))
}

/** Keeps the store as its host tells. */
export function followHost(store: DashboardStore): HostListener {
  return {
    onConnection: (connection) => store.setState({ connection }),
    onSnapshot: (snapshot, dropped) => store.setState(startFrom(snapshot, dropped, store.getState())),
    onEvents: (events) => store.setState(advance(store.getState(), events)),
    drawingIntervalMs: () => store.getState().view?.frames.intervalMs ?? 0,
  }
}

function startFrom(
  { run, ...facts }: HostSnapshot,
  dropped: number,
  state: DashboardState,
): Partial<DashboardState> {
  const view = viewOf(run === null ? null : LiveRun.fromSnapshot(run), state.view)
  return {
    ...facts,
    view,
    historyRevision: state.historyRevision + 1,
    droppedEvents: state.droppedEvents + dropped,
  }
}

/** After a gap the same run goes on in the view that charts are attached to. */
function viewOf(run: LiveRun | null, present: RunView | null): RunView | null {
  if (run === null) return null
  if (present === null || present.run.head.runId !== run.head.runId) return RunView.underWay(run)
  present.replace(run)
  return present
}

function advance(state: DashboardState, events: readonly HostEvent[]): Partial<DashboardState> {
  let next = state
  let live: LiveEvent[] = []
  const applyLive = (): void => {
    if (live.length === 0) return
    next.view?.apply(live)
    live = []
  }
  for (const event of events) {
    switch (event.type) {
      case 'control':
        next = { ...next, control: event.state }
        break
      case 'engine':
        next = { ...next, engine: event.state }
        break
      case 'machine':
        next = { ...next, machine: event.facts }
        break
      case 'doctor':
        next = { ...next, doctor: event.state }
        break
      case 'telemetry-state':
        next = { ...next, telemetry: event.state }
        break
      case 'script-offered':
        next = { ...next, offeredScript: event.offered }
        break
      case 'history-changed':
        next = { ...next, historyRevision: next.historyRevision + 1 }
        break
      case 'live': {
        const begun = LiveRun.begin(event.event)
        if (begun !== null) {
          applyLive()
          next = { ...next, view: RunView.underWay(begun) }
        } else live.push(event.event)
        break
      }
      default:
        assertNever(event, 'event of the host')
    }
  }
  applyLive()
  return next
}
