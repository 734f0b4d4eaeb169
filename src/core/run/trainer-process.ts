import { join } from 'node:path'
import { type FromTrainer, fromTrainerSchema, type TrainerJob } from '../../shared/child/trainer-protocol.js'
import { strategies } from '../../shared/domain/strategies.js'
import { assertNever, type ErrorReport } from '../../shared/errors.js'
import { machineOf } from '../../shared/machine/device.js'
import type {
  ChildExit,
  ChildOptions,
  ChildProgram,
  CommandOptions,
  ProgramOfRanks,
  SpawnChild,
  SpawnCommand,
} from '../child/child-program.js'
import { SupervisedChild } from '../child/supervised-child.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { explainScriptExit } from '../script/explain-script.js'
import { explainExit, whatItPrinted } from './exit-explanation.js'
import { explainMalformedMessage } from './malformed-message.js'
import { type RunTimeouts, silenceLimitMs } from './timeouts.js'
import { trainerEnvironment } from './trainer-environment.js'

export type TrainerState = 'starting' | 'ready' | 'training' | 'stopping' | 'exited' | 'crashed'

/** How a trainer ended. Success is its `done` message and exit code 0, both. */
export type TrainerOutcome =
  | { kind: 'done'; peakMemoryBytes: number }
  | { kind: 'stopped' }
  | { kind: 'failed'; error: ErrorReport }

/** What every trainer of a host shares. */
export interface TrainerHost {
  spawn: SpawnChild
  /** Starts trainers that are programs of another language. */
  spawnCommand: SpawnCommand
  /** The built trainer program. */
  entry: string
  environment: NodeJS.ProcessEnv
  /** The folder for trainers' output, a file each; null for nowhere. */
  logDirectory: string | null
  timeouts: RunTimeouts
  /** Where trainers run whose devices are not this machine's; absent for a run on one machine. */
  machines?: OtherMachines
  /** What all ranks of a script come of; absent where each is started by itself. */
  ranksOfOneCommand?: ProgramOfRanks | undefined
}

/** A rank of a script is done at its last step, and waits for those that are not. */
const othersMs = 120_000

export interface TrainerListeners {
  onMessage(message: FromTrainer): void
  /** At most once, as soon as it is known; the process may still be running then. */
  onFailure(error: ErrorReport): void
}

/** Owns one trainer process from its start to its end: starting, ready, training, stopping, exited or crashed. */
export class TrainerProcess {
  /** As people see it: "Single", "DDP rank 1". */
  readonly name: string
  /** Resolves once the process is gone; never rejects. */
  readonly outcome: Promise<TrainerOutcome>

  private readonly child: SupervisedChild<FromTrainer>
  private settle!: (outcome: TrainerOutcome) => void
  private currentState: TrainerState = 'starting'
  private failure: ErrorReport | null = null
  private success: { peakMemoryBytes: number } | null = null
  private stopRequested = false
  private longestStepMs = 0

  constructor(
    readonly job: TrainerJob,
    private readonly host: TrainerHost,
    private readonly listeners: TrainerListeners,
  ) {
    this.name = trainerName(job)
    const shortName = job.worldSize > 1 ? `${job.strategy}-rank-${job.rank}` : job.strategy
    this.outcome = new Promise((resolve) => {
      this.settle = resolve
    })
    this.child = new SupervisedChild({
      start: (listeners) => this.spawn({ name: shortName, title: this.name, ...listeners }),
      schema: fromTrainerSchema,
      logPath: host.logDirectory && join(host.logDirectory, `${shortName}.log`),
      silenceMs: Math.max(host.timeouts.silenceMs, job.script?.startMs ?? 0),
      onMessage: (message) => this.receive(message),
      onMalformed: (raw, error) => this.break(explainMalformedMessage(this.name, raw, error)),
      onSilence: (limitMs) => this.hung(limitMs),
      onExit: (exit) => this.exited(exit),
      onUnkillable: () => this.unkillable(),
    })
    this.child.send({ type: 'start', job })
  }

  get state(): TrainerState {
    return this.currentState
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /**
   * Asks the trainer to stop, then the system to end it, then ends it: resolves when it is gone. `graceMs`
   * is how long it may take to answer the first.
   */
  async stop(graceMs: number = this.host.timeouts.stopMs): Promise<TrainerOutcome> {
    if (!this.stopRequested && !this.gone) {
      this.stopRequested = true
      this.child.send({ type: 'stop' })
    }
    this.end(graceMs)
    return this.outcome
  }

  /** Lets a rank of a script end that has waited for those on other machines: all are done. */
  release(): void {
    if (this.job.script?.share !== undefined && !this.gone) this.child.send({ type: 'stop' })
  }

  private spawn(options: Omit<ChildOptions, 'entry' | 'environment'>): ChildProgram {
    const { job, host } = this
    const machine = this.machine
    if (machine !== 0 && host.machines !== undefined) {
      return host.machines.spawn(machine, {
        ...options,
        ...this.listenersOfProgram(),
        onLost: (error) => this.break(error),
      })
    }
    if (job.program === undefined) {
      return host.spawn({ ...options, entry: host.entry, environment: trainerEnvironment(host.environment) })
    }
    return host.spawnCommand({
      ...options,
      command: job.program.command,
      environment: { ...host.environment, ...job.program.environment },
      ...(job.program.workingDirectory !== undefined && { workingDirectory: job.program.workingDirectory }),
      rank: job.rank,
      group: host.ranksOfOneCommand,
      ...this.listenersOfProgram(),
    })
  }

  /** The number of its machine; 0 is this one. */
  private get machine(): number {
    const [first] = this.job.devices
    return first === undefined ? 0 : machineOf(first)
  }

  private listenersOfProgram(): Pick<CommandOptions, 'onProblem' | 'onDisconnect'> {
    return {
      onProblem: (problem) => this.brokeProtocol(problem),
      // Its exit says more, and is on its way; a program that stays without a word to its host is ended.
      onDisconnect: () => this.end(this.host.timeouts.exitMs),
    }
  }

  private get gone(): boolean {
    return this.currentState === 'exited' || this.currentState === 'crashed'
  }

  private receive(message: FromTrainer): void {
    if (this.gone) return
    this.advance(message)
    this.listeners.onMessage(message)
  }

  private advance(message: FromTrainer): void {
    switch (message.type) {
      case 'ready':
        this.become('ready')
        return
      case 'warmed-up':
        this.longestStepMs = Math.max(this.longestStepMs, message.firstStepMs)
        this.become('training')
        this.allowSilence()
        return
      case 'steps':
        for (const step of message.steps) this.longestStepMs = Math.max(this.longestStepMs, step.stepMs)
        this.allowSilence()
        return
      case 'tuning':
      case 'tuned':
      case 'script':
      case 'epoch':
        return
      case 'done':
        this.success = { peakMemoryBytes: message.peakMemoryBytes }
        this.end(this.job.script === undefined ? this.host.timeouts.exitMs : othersMs)
        return
      case 'stopped':
        this.end(this.host.timeouts.exitMs)
        return
      case 'failed':
        this.fail(message.error)
        this.end(this.host.timeouts.stopAfterFailureMs)
        return
      default:
        assertNever(message, 'message of a trainer')
    }
  }

  private become(state: TrainerState): void {
    if (this.currentState !== 'stopping') this.currentState = state
  }

  private allowSilence(): void {
    const { job, host } = this
    const batches = job.evaluate ? Math.ceil(testImages(job) / job.batchSize) : 0
    this.child.allowSilence(silenceLimitMs(host.timeouts.silenceMs, this.longestStepMs, batches))
  }

  private hung(limitMs: number): void {
    this.break({
      code: 'trainer-hung',
      message: `${this.name} said nothing for ${Math.round(limitMs / 1000)} s and counts as hung`,
      hint: whatItPrinted(this.child.log),
    })
  }

  private brokeProtocol(problem: string): void {
    this.break({
      code: 'trainer-protocol',
      message: `${this.name} ${problem}`,
      hint: `What a trainer may say is in docs/guide/trainer-protocol.md. ${whatItPrinted(this.child.log)}`,
    })
  }

  /** Nothing more is to be expected of it. */
  private break(error: ErrorReport): void {
    if (this.gone) return
    this.fail(error)
    this.end(0)
  }

  /** The first error counts; after a stop was asked for, none does. */
  private fail(error: ErrorReport): ErrorReport {
    const located = this.job.worldSize > 1 ? { ...error, rank: this.job.rank } : error
    if (this.failure === null && !this.stopRequested) {
      this.failure = located
      this.listeners.onFailure(located)
    }
    return this.failure ?? located
  }

  private end(graceMs: number): void {
    if (this.gone) return
    this.currentState = 'stopping'
    const { terminateMs, killMs } = this.host.timeouts
    void this.child.end({ graceMs, terminateMs, killMs })
  }

  private unkillable(): void {
    this.finish({
      kind: 'failed',
      error: {
        code: 'trainer-unkillable',
        message: `${this.name} (process ${this.pid}) could not be ended`,
        hint: 'A device driver may be holding it; only a restart of the machine helps then.',
      },
    })
  }

  private exited(exit: ChildExit): void {
    if (this.gone) return
    if (this.failure !== null) this.finish({ kind: 'failed', error: this.failure })
    else if (this.success !== null && exit.code === 0) this.finish({ kind: 'done', ...this.success })
    else if (this.stopRequested) this.finish({ kind: 'stopped' })
    else {
      const { log } = this.child
      const error = this.fail(
        this.job.script === undefined
          ? explainExit(this.name, exit, log, this.success !== null)
          : explainScriptExit(exit, log, this.currentState !== 'starting'),
      )
      this.finish({ kind: 'failed', error })
    }
  }

  private finish(outcome: TrainerOutcome): void {
    if (this.gone) return
    this.currentState = outcome.kind === 'failed' ? 'crashed' : 'exited'
    void this.child.log.close().then(() => this.settle(outcome))
  }
}

/** "Single", "DP", "DDP rank 1"; of a script, "the script" and "rank 1 of the script". */
export function trainerName(job: Pick<TrainerJob, 'strategy' | 'rank' | 'worldSize' | 'script'>): string {
  if (job.script !== undefined) return job.worldSize > 1 ? `rank ${job.rank} of the script` : 'the script'
  const { title } = strategies[job.strategy]
  return job.worldSize > 1 ? `${title} rank ${job.rank}` : title
}

function testImages(job: TrainerJob): number {
  return job.data.kind === 'synthetic' ? job.data.testSamples : 10_000
}
