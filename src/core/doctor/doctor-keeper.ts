import type { DoctorReport, DoctorState } from '../../shared/doctor/doctor-report.js'
import { TandemError } from '../../shared/errors.js'
import type { DoctorOptions } from './doctor.js'

export interface DoctorKeeperPorts {
  /** Doctor of this machine; never rejects. */
  examine(follow: Pick<DoctorOptions, 'signal' | 'onCheck' | 'onCurrent'>): Promise<DoctorReport>
  /** Whether a benchmark is under way on this machine, of this window or of another. */
  isMeasuring(): Promise<boolean>
  onState(state: DoctorState): void
}

type Running = Extract<DoctorState, { status: 'running' }>

/** Doctor of a host that runs for a while: one at a time, never beside a benchmark, whoever follows. */
export class DoctorKeeper {
  private current: DoctorState = { status: 'idle' }
  private examination: { controller: AbortController; ended: Promise<void> } | null = null
  private isClosed = false

  constructor(private readonly ports: DoctorKeeperPorts) {}

  get state(): DoctorState {
    return this.current
  }

  get isRunning(): boolean {
    return this.current.status === 'running'
  }

  /** Starts it, or joins one that is under way. Throws `run-active` beside a benchmark, whose figures it would spoil. */
  async start(): Promise<void> {
    if (this.isRunning) return
    const before = this.current
    // From here on no benchmark begins.
    this.enter({ status: 'running', checks: [], current: [], stopping: false })
    const isMeasuring = await this.ports.isMeasuring()
    if (isMeasuring || this.isClosed) {
      this.enter(before)
      throw measuring()
    }
    const controller = new AbortController()
    this.examination = { controller, ended: this.examine(controller.signal) }
  }

  stop(): void {
    if (this.examination === null) return
    this.advance(() => ({ stopping: true }))
    this.examination.controller.abort()
  }

  /** Stops it, and resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.isClosed = true
    this.stop()
    await this.examination?.ended
  }

  private async examine(signal: AbortSignal): Promise<void> {
    const report = await this.ports.examine({
      signal,
      onCheck: (check) => this.advance(({ checks }) => ({ checks: [...checks, check] })),
      onCurrent: (current) => this.advance(() => ({ current })),
    })
    this.examination = null
    this.enter({ status: 'done', report })
  }

  private advance(change: (running: Running) => Partial<Running>): void {
    if (this.current.status === 'running') this.enter({ ...this.current, ...change(this.current) })
  }

  private enter(state: DoctorState): void {
    this.current = state
    this.ports.onState(state)
  }
}

function measuring(): TandemError {
  return new TandemError({
    code: 'run-active',
    message: 'A benchmark is running on this machine, and doctor would take its time',
    hint: 'Start it when the benchmark has ended.',
  })
}
