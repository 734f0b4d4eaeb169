import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { assertNever, type ErrorReport, TandemError } from '../../shared/errors.js'
import type { RunSample } from '../../shared/live/live-event.js'
import type { MachineClock } from '../../shared/machine/machine-clock.js'
import type { ChildOptions, ChildProgram } from '../child/child-program.js'
import { settlesWithin } from '../within.js'
import {
  type FromAgent,
  fromAgentSchema,
  type Hello,
  type MachineOffer,
  type RunWishOfHost,
  resumeMs,
  type ToAgent,
} from './agent-protocol.js'
import type { LineWire } from './line-wire.js'
import { MachineClockKeeper } from './machine-clock-keeper.js'
import { nodeName } from './rendezvous.js'
import { Session } from './session.js'

/** A trainer on another machine, to whoever starts it. */
export interface RemoteChildOptions extends Omit<ChildOptions, 'entry' | 'environment'> {
  /** As for a program of another language (`CommandOptions`). */
  onProblem(problem: string): void
  onDisconnect(): void
  /** Its machine is not heard of any more; its exit follows. */
  onLost(error: ErrorReport): void
}

const firstClockAsks = 16
const firstClockAsksEveryMs = 50
const clockAsksEveryMs = 500

interface Ask {
  resolve(answer: FromAgent): void
  reject(error: TandemError): void
}

/**
 * An agent as the host has it: a conversation that outlives its wires, and the trainers that it runs for this host. When
 * no wire comes back in time it is lost, and all of them with it.
 */
export class RemoteAgent {
  readonly name: string
  readonly sessionId: string
  readonly nodeRank: number
  private readonly session: Session
  private readonly children = new Map<number, RemoteChildOptions>()
  private readonly asks = new Map<number, Ask>()
  private lastChild = 0
  private lastAsk = 0
  private resumeTimer: NodeJS.Timeout | undefined
  private loss: ErrorReport | null = null
  /** Why nothing is started on it in this run, though it is there. */
  private misfit: ErrorReport | null = null
  private readonly clock = new MachineClockKeeper(monotonicNowMs)
  private clockTimer: NodeJS.Timeout | undefined
  private clockAsks = 0
  private readonly awaitingSign: (() => void)[] = []

  /** @param onSample hears of its machine while trainers run there, by this machine's clock */
  constructor(
    { nodeRank, hostName, session }: Pick<Hello, 'nodeRank' | 'hostName' | 'session'>,
    private readonly onSample: (sample: RunSample) => void = () => {},
  ) {
    this.nodeRank = nodeRank
    this.sessionId = session
    this.name = nodeName(nodeRank, hostName)
    this.session = new Session({
      onBody: (body) => this.receive(body),
      onBroken: (problem) => this.lose(problem),
      onClock: (exchange) => this.clock.hear(exchange),
    })
  }

  get isConnected(): boolean {
    return this.session.isConnected
  }

  get isLost(): boolean {
    return this.loss !== null
  }

  /** The number of the last message that is here. */
  get received(): number {
    return this.session.received
  }

  /** Why nothing is heard of it right now; null while its wire is open. */
  get absence(): ErrorReport | null {
    return this.loss ?? (this.session.isConnected ? null : lostError(this.name, 'is not heard of'))
  }

  /** Goes on over this wire. The agent has all up to `received`. */
  attach(wire: LineWire, received: number): void {
    clearTimeout(this.resumeTimer)
    this.session.attach(wire, received)
    this.askClock()
  }

  /** What is known of its clock, and how far its times were off at most since the last call; null before its first answer. */
  takeClock(): MachineClock | null {
    return this.clock.takeFacts(this.nodeRank)
  }

  /** Often at first, so that something is known before the first step; then for the drift. */
  private askClock(): void {
    clearTimeout(this.clockTimer)
    if (this.isLost || !this.session.isConnected) return
    this.session.askClock()
    this.clockAsks += 1
    const everyMs = this.clockAsks < firstClockAsks ? firstClockAsksEveryMs : clockAsksEveryMs
    this.clockTimer = setTimeout(() => this.askClock(), everyMs)
  }

  /** Asks for a sign of life. Resolves with whether one came over its wire in time; at once where the wire closes. */
  async isStillThere(limitMs: number): Promise<boolean> {
    const sign = new Promise<void>((resolve) => this.awaitingSign.push(resolve))
    this.session.askClock()
    return (await settlesWithin(limitMs, sign)) && this.isConnected
  }

  hear(value: unknown): void {
    this.session.hear(value)
    this.gaveSign()
  }

  private gaveSign(): void {
    for (const resolve of this.awaitingSign.splice(0)) resolve()
  }

  /** The wire has closed. */
  detach(wire: LineWire): void {
    if (!this.session.detach(wire)) return
    this.gaveSign()
    if (this.isLost) return
    this.resumeTimer = setTimeout(() => this.lose(`was not heard of for ${resumeMs / 1000} s`), resumeMs)
  }

  /** What its machine has for a run. Throws what the machine refuses with, and `node-lost`. */
  async prepare(wish: RunWishOfHost): Promise<MachineOffer> {
    const answer = await this.ask((ask) => ({ type: 'prepare', ask, wish }))
    if (answer.type === 'prepared') return answer.offer
    throw this.unexpected(answer)
  }

  /** Ports that are free on its machine. Throws `node-lost`. */
  async findPorts(count: number): Promise<number[]> {
    const answer = await this.ask((ask) => ({ type: 'find-ports', ask, count }))
    if (answer.type === 'ports' && answer.ports.length === count) return answer.ports
    throw this.unexpected(answer)
  }

  /** A trainer on its machine; it is started once it is told its job. */
  startChild(options: RemoteChildOptions): ChildProgram {
    const child = ++this.lastChild
    this.children.set(child, options)
    // Never before this has returned.
    if (this.loss !== null || this.misfit !== null) setImmediate(() => this.loseChild(child))
    return {
      pid: undefined,
      send: (message) => {
        const told = message as { type: 'start'; job: TrainerJob } | { type: 'stop' }
        if (told.type === 'stop') this.session.send({ type: 'tell', child, message: told } satisfies ToAgent)
        else if (this.misfit === null) {
          const { name, title } = options
          this.session.send({ type: 'start', child, name, title, job: told.job } satisfies ToAgent)
        }
      },
      terminate: () => this.session.send({ type: 'terminate', child } satisfies ToAgent),
      kill: () => {
        this.session.send({ type: 'kill', child } satisfies ToAgent)
        // Its agent ends it as soon as it hears of this, or of nothing at all.
        if (!this.session.isConnected) setImmediate(() => this.exited(child, null, 'SIGKILL', null))
      },
    }
  }

  /** Its host has ended; its trainers have been. */
  end(error: ErrorReport | null): void {
    clearTimeout(this.resumeTimer)
    clearTimeout(this.clockTimer)
    this.loss ??= lostError(this.name, 'was left')
    this.session.send({ type: 'end', error } satisfies ToAgent)
    this.session.end()
  }

  /** Nothing more is to be expected of it: it said what no agent says, or another one came in its place. */
  lose(problem: string): void {
    if (this.loss !== null) return
    clearTimeout(this.resumeTimer)
    clearTimeout(this.clockTimer)
    this.loss = lostError(this.name, problem)
    this.session.close()
    for (const { reject } of this.asks.values()) reject(new TandemError(this.loss))
    this.asks.clear()
    for (const child of [...this.children.keys()]) this.loseChild(child)
  }

  /** It is of no use to the run that is under way; the next one may take it. Null: it is of use. */
  setMisfit(problem: string | null): void {
    this.misfit = problem === null ? null : lostError(this.name, problem)
    if (problem === null) return
    for (const child of [...this.children.keys()]) {
      this.session.send({ type: 'kill', child } satisfies ToAgent)
      this.loseChild(child)
    }
  }

  private loseChild(child: number): void {
    const why = this.loss ?? this.misfit
    if (why !== null) this.children.get(child)?.onLost(why)
    this.exited(child, null, 'SIGKILL', null)
  }

  private ask(question: (ask: number) => ToAgent): Promise<FromAgent> {
    const ask = ++this.lastAsk
    return new Promise((resolve, reject) => {
      if (this.loss !== null) {
        reject(new TandemError(this.loss))
        return
      }
      this.asks.set(ask, { resolve, reject })
      this.session.send(question(ask))
    })
  }

  private receive(body: unknown): void {
    const parsed = fromAgentSchema.safeParse(body)
    if (!parsed.success) {
      this.lose('said what no agent says')
      return
    }
    const said = parsed.data
    if ('child' in said && said.child > this.lastChild) {
      this.lose('spoke for a trainer that it was never told to start')
      return
    }
    switch (said.type) {
      case 'prepared':
      case 'ports':
        this.answered(said.ask)?.resolve(said)
        return
      case 'refused':
        this.answered(said.ask)?.reject(this.named(said.error))
        return
      case 'message':
        this.children.get(said.child)?.onMessage(this.clock.putRight(said.message))
        return
      case 'output':
        this.children.get(said.child)?.onOutput(said.text)
        return
      case 'problem':
        this.children.get(said.child)?.onProblem(said.problem)
        return
      case 'disconnected':
        this.children.get(said.child)?.onDisconnect()
        return
      case 'exit':
        this.exited(said.child, said.code, said.signal, said.startError)
        return
      case 'sample': {
        const { sample } = said
        this.onSample({ ...sample, atMs: this.clock.momentHere(sample.atMs), machine: this.nodeRank })
        return
      }
      case 'leaving':
        this.lose('was stopped')
        return
      default:
        assertNever(said, 'message of an agent')
    }
  }

  private answered(ask: number): Ask | undefined {
    const waiting = this.asks.get(ask)
    this.asks.delete(ask)
    return waiting
  }

  private exited(child: number, code: number | null, signal: string | null, startError: string | null): void {
    const options = this.children.get(child)
    this.children.delete(child)
    options?.onExit({
      code,
      signal: signal as NodeJS.Signals | null,
      ...(startError !== null && { startError: new Error(startError) }),
    })
  }

  private named(error: ErrorReport): TandemError {
    return new TandemError({ ...error, message: `${this.name}: ${error.message}` })
  }

  private unexpected({ type }: FromAgent): TandemError {
    return new TandemError(lostError(this.name, `answered with "${type}"`))
  }
}

function lostError(name: string, problem: string): ErrorReport {
  return {
    code: 'node-lost',
    message: `${name} ${problem}`,
    hint: 'See whether the machine, its network and its `tandem agent` are well. What was measured before is kept.',
  }
}
