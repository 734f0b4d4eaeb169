import { hostname } from 'node:os'
import PQueue from 'p-queue'
import type { AppFacts, HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import type { ToPage, Wire } from '../../shared/contract/wire.js'
import { TandemError } from '../../shared/errors.js'
import { LiveRun } from '../../shared/live/live-run.js'
import type { MachineFacts } from '../../shared/machine/machine-facts.js'
import { presets } from '../../shared/run/presets.js'
import { isActive } from '../../shared/run/run-stage.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import type { OfferedScript } from '../../shared/script/offered-script.js'
import { childEnvironment, type SpawnChild } from '../child/child-program.js'
import { spawnSocketChild } from '../child/socket-child.js'
import { RunControl } from '../control/run-control.js'
import { dataFolder } from '../data/data-folder.js'
import { detectMachineFacts } from '../devices/machine-facts.js'
import { examine } from '../doctor/doctor.js'
import { DoctorKeeper } from '../doctor/doctor-keeper.js'
import { EngineKeeper } from '../engine/engine-keeper.js'
import type { ReportPorts } from '../export/report-ports.js'
import { takeFile } from '../history/import-file.js'
import { exampleFolder, historyFolder } from '../history/run-folder.js'
import { RunHistory } from '../history/run-history.js'
import { closeLedger, keepLedger } from '../leftovers/ledger.js'
import { sweepLeftovers } from '../leftovers/sweep-leftovers.js'
import { withoutRank } from '../machines/launcher-environment.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { defaultTimeouts } from '../run/timeouts.js'
import { Telemetry } from '../telemetry/telemetry.js'
import { heavyCallsAtOnce, isHeavy } from './call-queue.js'
import { createHandlers, type Handlers } from './handlers.js'
import { Session, type SessionHost } from './session.js'

/** What a shell brings to a host that pages can be connected to. */
export interface HostPorts {
  shell: AppFacts['shell']
  version: string
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  trainerEntry: string
  samplerEntry: string
  engineCheckEntry: string
  spawn: SpawnChild
  /** What its trainers' allocator does to engines that use it, for readers of their figures; null for nothing. */
  allocatorNote?: string | null
  installsEngine: boolean
  reports: ReportPorts
  /** The other ones of a host of several machines. */
  machines?: OtherMachines
  /** The one script that pages may have measured, where it was named. */
  offeredScript?: OfferedScript
}

/** Long enough to read what is about to start, and to press Cancel. */
const countdownSeconds = 5

/**
 * The dashboard's other half: owns run control, engine, history and telemetry, keeps what they come to, and
 * tells every page that is connected. Both shells make one and connect their wires to it.
 */
export class TandemHost implements SessionHost {
  readonly control: RunControl
  readonly engine: EngineKeeper
  readonly doctor: DoctorKeeper
  readonly history: RunHistory
  private readonly handlers: Handlers
  private readonly sessions = new Set<Session>()
  private readonly app: AppFacts
  private machine: MachineFacts | null = null
  private readonly telemetry: Telemetry
  private run: LiveRun | null = null
  private offeredScript: OfferedScript | null
  private readonly ending = new AbortController()
  private readonly heavyCalls = new PQueue({ concurrency: heavyCallsAtOnce })
  /** Settles with the first page that connects, or when the host ends. */
  private readonly seen: Promise<void>
  private onSeen: () => void = () => {}

  constructor(private readonly ports: HostPorts) {
    const { environment, resourcesDirectory, version, shell } = ports
    this.offeredScript = ports.offeredScript ?? null
    this.app = { version, shell, hostName: hostname() }
    this.seen = new Promise((resolve) => {
      this.onSeen = resolve
    })
    this.ending.signal.addEventListener('abort', () => this.onSeen(), { once: true })
    keepLedger(dataFolder(environment))
    this.history = new RunHistory(historyFolder(environment), exampleFolder(resourcesDirectory), () =>
      this.tell({ type: 'history-changed' }),
    )
    this.engine = new EngineKeeper({
      environment,
      installsEngine: ports.installsEngine,
      onState: (state) => this.tell({ type: 'engine', state }),
    })
    this.telemetry = new Telemetry({
      spawn: ports.spawn,
      entry: ports.samplerEntry,
      environment: childEnvironment(environment),
    })
    this.telemetry.onState((state) => this.tell({ type: 'telemetry-state', state }))
    const inherited = childEnvironment(environment)
    this.control = new RunControl({
      environment,
      resourcesDirectory,
      tandemVersion: version,
      trainers: {
        spawn: ports.spawn,
        spawnCommand: spawnSocketChild,
        entry: ports.trainerEntry,
        environment: ports.machines === undefined ? inherited : withoutRank(inherited),
        timeouts: defaultTimeouts,
      },
      allocatorNote: ports.allocatorNote ?? null,
      history: this.history,
      telemetry: this.telemetry,
      onState: (state) => this.tell({ type: 'control', state }),
      onLiveEvent: (event) => {
        this.run = LiveRun.begin(event) ?? this.run
        this.run?.apply(event)
        this.tell({ type: 'live', event })
      },
    })
    this.doctor = new DoctorKeeper({
      examine: (follow) => examine({ ...ports, tandemVersion: version, ...follow }),
      isMeasuring: () => this.isMeasuring(),
      onState: (state) => this.tell({ type: 'doctor', state }),
    })
    this.handlers = createHandlers({
      control: this.control,
      engine: this.engine,
      doctor: this.doctor,
      history: this.history,
      reports: ports.reports,
      preparation: {
        environment,
        resourcesDirectory,
        tandemVersion: version,
        ...(ports.machines !== undefined && { machines: ports.machines }),
      },
      offeredScript: () => this.offeredScript,
      onHistoryChanged: () => this.tell({ type: 'history-changed' }),
    })
  }

  /** From now on pages may have this script measured, in place of the one before. Not for pages to call. */
  offerScript(offered: OfferedScript): void {
    this.offeredScript = offered
    this.tell({ type: 'script-offered', offered })
  }

  /** Looks at the machine and for an engine; what is found is told as it is found. Resolves when both are settled. */
  async explore(): Promise<void> {
    // The first list reads every run: a page should not be the one that waits for it.
    const { history } = this
    const leftovers = sweepLeftovers(dataFolder(this.ports.environment)).then(() => history.sweep())
    await Promise.all([this.engine.settle(), this.lookAtMachine(), history.list(), leftovers])
    // Which devices a run would use depends on the engine.
    if (this.machine !== null && this.machine.machine.gpus.length > 0) await this.lookAtMachine()
  }

  /**
   * Starts what someone asked for when they started Tandem. `first` is quick, where the history is empty: what a
   * newcomer sees is then a chart that moves. Since nobody asked for that, it begins once a page is there to see it, and
   * after a countdown. Never rejects; the state tells.
   */
  async startBy(wish: RunWish): Promise<void> {
    if (wish === false || this.control.state.stage.kind !== 'idle') return
    if (wish === 'first' && !(await this.firstRunIsWanted())) return
    // Someone may have ended Tandem while it looked for an engine.
    if (this.ending.signal.aborted) return
    const configuration = presets[wish === 'first' ? 'quick' : wish]
    await this.handle('startRun', { configuration }).catch(() => {})
  }

  private async firstRunIsWanted(): Promise<boolean> {
    if ((await this.history.list()).length > 0) return false
    await this.seen
    return !this.ending.signal.aborted && (await this.control.countDown('Quick', countdownSeconds))
  }

  /** Connects a page; the session ends with its wire. */
  connect(wire: Wire<ToPage>): void {
    this.onSeen()
    const session = new Session(wire, this, undefined, () => this.sessions.delete(session))
    this.sessions.add(session)
  }

  snapshot(): HostSnapshot {
    return {
      app: this.app,
      control: this.control.state,
      engine: this.engine.state,
      machine: this.machine,
      telemetry: this.telemetry.state,
      doctor: this.doctor.state,
      offeredScript: this.offeredScript,
      run: this.run?.toSnapshot() ?? null,
    }
  }

  handle: SessionHost['handle'] = async (command, request, given = this.ending.signal) => {
    this.ending.signal.throwIfAborted()
    if (!isHeavy(command)) return await this.handlers[command](request, given)
    const signal = AbortSignal.any([this.ending.signal, given])
    return await this.heavyCalls.add(() => this.handlers[command](request, signal), { signal })
  }

  /**
   * Takes a file of this machine into the history, as a shell is asked to; pages cannot name one. Resolves to its run,
   * which may be there already. Rejects as `takeFile`.
   */
  async openFile(path: string): Promise<string> {
    const take = () => takeFile(this.history, path, this.ending.signal)
    const { runId, isNew } = await this.heavyCalls.add(take, { signal: this.ending.signal })
    if (isNew) this.tell({ type: 'history-changed' })
    return runId
  }

  /** Stops what runs, and resolves when nothing of it is left. Pages can start nothing from then on. */
  async close(): Promise<void> {
    this.ending.abort(ending())
    this.control.stop()
    const { control, engine, doctor, telemetry } = this
    await Promise.all([control.idle(), engine.cancelInstall(), doctor.close(), telemetry.close()])
    for (const session of this.sessions) session.close()
    closeLedger()
  }

  /** Also of another window or terminal: doctor would take its time too. */
  private async isMeasuring(): Promise<boolean> {
    const { stage } = this.control.state
    if (isActive(stage) || stage.kind === 'countdown') return true
    const runs = await this.history.list()
    return runs.some(({ status, hostName }) => status === 'running' && hostName === hostname())
  }

  private async lookAtMachine(): Promise<void> {
    const { state } = this.engine
    const cuda = state.status === 'ready' && state.flavour === 'cuda'
    this.machine = await detectMachineFacts(this.ports.environment, { cuda })
    this.tell({ type: 'machine', facts: this.machine })
  }

  private tell(event: HostEvent): void {
    for (const session of this.sessions) session.notify(event)
  }
}

function ending(): TandemError {
  return new TandemError({
    code: 'host-closed',
    message: 'Tandem is about to end',
    hint: 'Start it again.',
  })
}
