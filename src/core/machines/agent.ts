import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import getPort from 'get-port'
import { assertNever, type ErrorReport, TandemError, toErrorReport } from '../../shared/errors.js'
import { type AgentPrograms, type OwnMachine, startPrograms } from './agent-programs.js'
import { agentProtocol, type FromAgent, resumeMs, type ToAgent, toAgentSchema } from './agent-protocol.js'
import { endpointText } from './endpoint.js'
import { type Knock, knock, strangerAt } from './host-connection.js'
import { nodeName, type Rendezvous } from './rendezvous.js'
import { Session } from './session.js'

/** How long the host's machine may say that nobody listens before the host counts as dead. */
const refusedMs = 1_000
const firstKnocksEveryMs = 500
const knocksEveryMs = 100

export interface AgentOptions {
  rendezvous: Rendezvous
  tandemVersion: string
  machine: OwnMachine
  signal: AbortSignal
  /** For people, a sentence. */
  onNotice(text: string): void
}

/** How a conversation with the host ended. */
type Ending =
  | { kind: 'ended'; error: ErrorReport | null }
  | { kind: 'host-gone' | 'out-of-reach' | 'left-behind' | 'stopped' }

/**
 * Does what the host says until the host has ended: an agent has no plan of its own. When the host dies its trainers end
 * within two seconds; when it cannot be reached, after some time. Returns the host's last word, null for a good end.
 *
 * Throws `host-missing` where it never came, `host-lost` where it died, `secret-refused`, and what the host refuses with.
 */
export async function runAgent(options: AgentOptions): Promise<ErrorReport | null> {
  const { rendezvous, signal, onNotice } = options
  const where = endpointText(rendezvous.endpoint)
  onNotice(`Node ${rendezvous.nodeRank} of ${rendezvous.nodes} knocks at ${where}.`)
  for (;;) {
    const conversation = new Conversation(options)
    const ending = await conversation.hold().finally(() => conversation.endPrograms())
    switch (ending.kind) {
      case 'ended':
        return ending.error
      case 'stopped':
        signal.throwIfAborted()
        return null
      case 'host-gone':
        throw new TandemError({
          code: 'host-lost',
          message: `node 0 at ${where} has ended without a word`,
          hint: 'Its trainers on this machine were ended. See what node 0 printed.',
        })
      case 'out-of-reach':
        onNotice(`Node 0 was out of reach for ${resumeMs / 1000} s: trainers here were ended. Trying again.`)
        break
      case 'left-behind':
        onNotice('Node 0 went on without this machine: trainers here were ended. Coming back.')
        break
      default:
        return assertNever(ending, 'ending of a conversation')
    }
  }
}

/** One session with the host, over as many wires as it takes. */
class Conversation {
  private readonly id = randomBytes(16).toString('hex')
  private readonly session: Session
  private readonly programs: AgentPrograms
  private ended: Ending | null = null
  private tellOver!: () => void
  /** Resolves with the session's end. */
  private readonly over: Promise<null>
  private hasJoined = false

  constructor(private readonly options: AgentOptions) {
    this.over = new Promise((resolve) => {
      this.tellOver = () => resolve(null)
    })
    this.session = new Session({
      onBody: (body) => this.receive(body),
      onBroken: () => this.end({ kind: 'left-behind' }),
    })
    this.programs = startPrograms(options.machine, {
      say: (said) => this.say(said),
      sayInPassing: (said) => this.session.sendInPassing(said),
    })
  }

  /** Resolves when the session is over. */
  async hold(): Promise<Ending> {
    const { signal } = this.options
    const onAbort = (): void => {
      this.say({ type: 'leaving' })
      this.end({ kind: 'stopped' })
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      let lastHeardAtMs = performance.now()
      while (this.ended === null) {
        const outcome = await this.knockUntilAnswered(lastHeardAtMs)
        if (this.ended !== null || outcome === null) break
        await this.talk(outcome)
        lastHeardAtMs = performance.now()
      }
      return this.ended ?? { kind: 'out-of-reach' }
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.session.end()
    }
  }

  endPrograms(): Promise<void> {
    return this.programs.end()
  }

  /** Null when the session ended meanwhile, or too much time passed. */
  private async knockUntilAnswered(sinceMs: number): Promise<Extract<Knock, { kind: 'welcome' }> | null> {
    const { rendezvous, tandemVersion } = this.options
    const { endpoint, secret, nodes, nodeRank, joinMs } = rendezvous
    let refusedSinceMs: number | null = null
    let problem = ''
    while (this.ended === null) {
      const knocking = knock(endpoint, secret, {
        type: 'hello',
        protocol: agentProtocol,
        tandemVersion,
        nodes,
        nodeRank,
        hostName: hostname(),
        session: this.id,
        isResumed: this.hasJoined,
        received: this.session.received,
      })
      const answer = await Promise.race([knocking, this.over])
      if (answer === null) {
        // It may be let in when it is no longer of use.
        void knocking.then((late) => late.kind === 'welcome' && late.wire.close())
        return null
      }
      const nowMs = performance.now()
      if (answer.kind === 'welcome') return answer
      if (answer.kind === 'refused') {
        if (answer.mayComeAgain) this.end({ kind: 'left-behind' })
        else throw new TandemError(answer.error)
        return null
      }
      if (answer.kind === 'stranger') throw strangerAt(endpointText(endpoint), answer.problem)
      problem = answer.problem
      refusedSinceMs = answer.kind === 'nobody' ? (refusedSinceMs ?? nowMs) : null
      if (this.options.machine.hasMetHost) {
        if (refusedSinceMs !== null && nowMs - refusedSinceMs >= refusedMs) this.end({ kind: 'host-gone' })
        else if (this.hasJoined && nowMs - sinceMs >= resumeMs) this.end({ kind: 'out-of-reach' })
      }
      if (!this.hasJoined && nowMs - sinceMs >= joinMs)
        throw hostMissing(endpointText(endpoint), joinMs, problem)
      await Promise.race([
        delay(this.options.machine.hasMetHost ? knocksEveryMs : firstKnocksEveryMs),
        this.over,
      ])
    }
    return null
  }

  /** Resolves when the wire has closed. */
  private talk({ wire, received, follow }: Extract<Knock, { kind: 'welcome' }>): Promise<void> {
    const { machine, onNotice, rendezvous } = this.options
    if (!this.hasJoined) onNotice(`Joined as ${nodeName(rendezvous.nodeRank)}.`)
    this.hasJoined = true
    machine.hasMetHost = true
    const closed = new Promise<void>((resolve) => {
      this.session.attach(wire, received)
      follow({
        onLine: (value) => this.session.hear(value),
        onClose: () => {
          this.session.detach(wire)
          resolve()
        },
      })
    })
    return Promise.race([closed, this.over.then(() => undefined)])
  }

  private end(ending: Ending): void {
    this.ended ??= ending
    this.tellOver()
  }

  private say(said: FromAgent): void {
    if (this.ended === null) this.session.send(said)
  }

  private receive(body: unknown): void {
    const parsed = toAgentSchema.safeParse(body)
    if (!parsed.success) {
      this.end({ kind: 'left-behind' })
      return
    }
    this.obey(parsed.data)
  }

  private obey(told: ToAgent): void {
    switch (told.type) {
      case 'prepare':
        void this.answer(told.ask, async () => ({
          type: 'prepared',
          ask: told.ask,
          offer: await this.programs.prepare(told.wish),
        }))
        return
      case 'find-ports':
        void this.answer(told.ask, async () => ({
          type: 'ports',
          ask: told.ask,
          ports: await freePorts(told.count),
        }))
        return
      case 'start':
        void this.programs.start(told)
        return
      case 'tell':
        this.programs.tell(told.child, told.message)
        return
      case 'terminate':
        this.programs.terminate(told.child)
        return
      case 'kill':
        this.programs.kill(told.child)
        return
      case 'end':
        this.end({ kind: 'ended', error: told.error })
        return
      default:
        assertNever(told, 'message of the host')
    }
  }

  private async answer(ask: number, find: () => Promise<FromAgent>): Promise<void> {
    try {
      this.say(await find())
    } catch (thrown) {
      this.say({ type: 'refused', ask, error: toErrorReport(thrown) })
    }
  }
}

/** Ports of this machine that nobody listens at now, each another one. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) ports.push(await getPort())
  return ports
}

function hostMissing(where: string, waitedMs: number, problem: string): TandemError {
  return new TandemError({
    code: 'host-missing',
    message: `node 0 did not answer at ${where} within ${Math.round(waitedMs / 1000)} s: ${problem}`,
    hint: 'Start node 0 with the same --rdzv-endpoint, and see whether a firewall is in between.',
  })
}
