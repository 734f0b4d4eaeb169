import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type ErrorReport, TandemError } from '../../shared/errors.js'
import type { RunSample } from '../../shared/live/live-event.js'
import type { MachineClock } from '../../shared/machine/machine-clock.js'
import { formatList } from '../../shared/text/format.js'
import type { ChildProgram } from '../child/child-program.js'
import { settlesWithin } from '../within.js'
import { type Admission, type AgentDoor, type Guest, openAgentDoor, type Refusal } from './agent-door.js'
import type { MachineOffer, RunWishOfHost } from './agent-protocol.js'
import { endpointText } from './endpoint.js'
import { ownAddressTowards } from './network-interface.js'
import type { OtherMachines, Waiting } from './other-machines.js'
import { comesTwice, neverCame, sessionOver, whyNotOfThisRun } from './refusals.js'
import { RemoteAgent, type RemoteChildOptions } from './remote-agent.js'
import { nodeName, type Rendezvous } from './rendezvous.js'

/** Of what was turned away, for the error that a node is missing. */
const mostNotices = 8
/** How long the last word may take to reach the agents. */
const farewellMs = 300

/** A machine that was restarted needs about as long. */
const rejoinMs = 60_000
/** How long an agent in whose place another one comes may take to say that it is still there. */
const stillThereMs = 1_500

export interface FleetOptions {
  rendezvous: Rendezvous
  tandemVersion: string
  /** Something about the machines that people should know now, as a sentence. */
  onNotice(text: string): void
}

/**
 * The other machines of a host: it listens for their agents, keeps one of each number, and says to each what to start. A
 * machine that was lost may come again: its next agent takes its place.
 */
export class MachineFleet implements OtherMachines {
  private readonly agents = new Map<number, RemoteAgent>()
  private readonly notices = new Set<string>()
  private changed!: () => void
  private change: Promise<void> = Promise.resolve()
  private refusal: TandemError | null = null
  private wish: RunWishOfHost | null = null
  private readonly sampleListeners = new Set<(sample: RunSample) => void>()
  /** Lost, and waited for in vain. */
  private readonly givenUp = new WeakSet<RemoteAgent>()
  private readonly addresses = new Map<number, string>()
  /** What the run under way was planned with. */
  private readonly agreed = new Map<number, MachineOffer>()
  private door: AgentDoor | null = null

  private constructor(
    private readonly options: FleetOptions,
    readonly own: { address: string; interfaceName: string },
  ) {
    this.expectChange()
  }

  get nodes(): number {
    return this.options.rendezvous.nodes
  }

  /** Listens at the endpoint. Throws `interface-unknown`, `address-unavailable` and `port-taken`. */
  static async open(options: FleetOptions): Promise<MachineFleet> {
    const { endpoint, secret, interfaceName } = options.rendezvous
    const own = await ownAddressTowards(endpoint.host, interfaceName)
    const fleet = new MachineFleet(options, own)
    fleet.door = await openAgentDoor({
      endpoint,
      secret,
      tandemVersion: options.tandemVersion,
      admit: (guest) => fleet.admit(guest),
      onTurnedAway: (error, hello) => fleet.turnedAway(error, hello !== null),
    })
    options.onNotice(`Waiting for ${fleet.missingNames()} at ${endpointText(endpoint)}.`)
    return fleet
  }

  async prepare(
    wish: Omit<RunWishOfHost, 'hostAddress'>,
    waiting: Waiting = {},
  ): Promise<{ name: string; offer: MachineOffer }[]> {
    const asked = { ...wish, hostAddress: this.own.address }
    if (wish.purpose === 'run') {
      await this.allHere(waiting)
      this.wish = asked
    } else if (this.missing().length > 0) return []
    return await Promise.all(
      this.numbers().map(async (node) => {
        const agent = this.agentOf(node)
        const offer = await agent.prepare(asked)
        this.addresses.set(node, offer.address)
        if (wish.purpose === 'run') {
          this.agreed.set(node, offer)
          agent.setMisfit(null)
        }
        return { name: agent.name, offer }
      }),
    )
  }

  async comeBack(machines: readonly number[], signal: AbortSignal): Promise<void> {
    const lost = machines.filter((node) => this.isMissing(node) && !this.givenUp.has(this.agentOf(node)))
    if (lost.length === 0) return
    const names = formatList(lost.map((node) => this.agentOf(node).name))
    this.options.onNotice(`Waiting up to ${rejoinMs / 1000} s for ${names} to come back.`)
    if (await this.untilHere(lost, rejoinMs, { signal })) return
    for (const node of lost) if (this.isMissing(node)) this.givenUp.add(this.agentOf(node))
  }

  spawn(machine: number, options: RemoteChildOptions): ChildProgram {
    return this.agentOf(machine).startChild(options)
  }

  onSample(listener: (sample: RunSample) => void): () => void {
    this.sampleListeners.add(listener)
    return () => this.sampleListeners.delete(listener)
  }

  absence(machine: number): ErrorReport | null {
    return this.agentOf(machine).absence
  }

  address(machine: number): string {
    return this.addresses.get(machine) ?? this.own.address
  }

  findPorts(machine: number, count: number): Promise<number[]> {
    return this.agentOf(machine).findPorts(count)
  }

  takeClock(machine: number): MachineClock | null {
    return this.agentOf(machine).takeClock()
  }

  /** Tells the agents that the host has ended, and lets nobody else in. */
  async close(error: ErrorReport | null): Promise<void> {
    this.door?.stopListening()
    for (const agent of this.agents.values()) agent.end(error)
    if (this.agents.size > 0) await delay(farewellMs)
    this.door?.close()
  }

  private admit({ hello, wire }: Guest): Admission {
    const { nodes } = this.options.rendezvous
    const { nodeRank, hostName, session, isResumed, received } = hello
    const name = nodeName(nodeRank, hostName)
    const present = this.agents.get(nodeRank)
    const isSame = present?.sessionId === session && !present.isLost
    if (isResumed && !isSame) return refuse(sessionOver(name), true)
    if (!isSame) {
      const problem = whyNotOfThisRun(name, hello, nodes)
      if (problem !== null) return refuse(problem, false)
      if (present?.isConnected === true) {
        return { kind: 'in-doubt', outcome: this.whyNotInPlaceOf(present, name) }
      }
    }
    const agent = isSame ? present : this.welcome(hello, present)
    return {
      kind: 'admitted',
      received: agent.received,
      onWelcomed: () => agent.attach(wire, received),
      onLine: (value) => agent.hear(value),
      onClose: () => agent.detach(wire),
    }
  }

  /** A machine that lost its power leaves a wire that looks open until it is silent for long: its agent is asked. */
  private async whyNotInPlaceOf(present: RemoteAgent, name: string): Promise<Refusal | null> {
    if (await present.isStillThere(stillThereMs)) return refuse(comesTwice(name, present.name), false)
    present.lose('was silent when it came again as a new one')
    return null
  }

  private welcome(hello: Guest['hello'], former: RemoteAgent | undefined): RemoteAgent {
    former?.lose('came again as a new one')
    const agent = new RemoteAgent(hello, (sample) => {
      for (const listener of this.sampleListeners) listener(sample)
    })
    this.agents.set(agent.nodeRank, agent)
    const { nodes } = this.options.rendezvous
    this.options.onNotice(`${agent.name} is here: ${this.agents.size + 1} of ${nodes} nodes.`)
    // A machine that comes back is asked again what it has: its trainers need what is prepared with that.
    if (this.wish !== null)
      void this.prepareAgain(agent, this.wish).catch(({ message }: Error) => agent.lose(message))
    this.changed()
    return agent
  }

  private async prepareAgain(agent: RemoteAgent, wish: RunWishOfHost): Promise<void> {
    const offer = await agent.prepare(wish)
    const before = this.agreed.get(agent.nodeRank)
    if (before === undefined || isDeepStrictEqual(compared(offer), compared(before))) return
    agent.setMisfit('came back with other devices, versions, data, or another script than before')
  }

  private turnedAway(error: TandemError, knowsSecret: boolean): void {
    // One that is there already is no reason to end: the first one stays.
    if (
      knowsSecret &&
      error.code !== 'node-twice' &&
      error.code !== 'session-over' &&
      this.missing().length > 0
    ) {
      this.refusal ??= error
      this.changed()
      return
    }
    if (error.code === 'session-over' || this.notices.has(error.message) || this.notices.size >= mostNotices)
      return
    this.notices.add(error.message)
    this.options.onNotice(error.message)
  }

  private async allHere(waiting: Waiting): Promise<void> {
    const { joinMs } = this.options.rendezvous
    if (await this.untilHere(this.numbers(), joinMs, waiting)) return
    throw neverCame(this.missing(), joinMs, [...this.notices])
  }

  /** Whether they are, within that time. Throws what another machine was refused with meanwhile. */
  private async untilHere(nodes: readonly number[], limitMs: number, waiting: Waiting): Promise<boolean> {
    const { signal, onWaiting } = waiting
    const deadline = performance.now() + limitMs
    const stopped = new Promise<void>((resolve) =>
      signal?.addEventListener('abort', () => resolve(), { once: true }),
    )
    while (nodes.some((node) => this.isMissing(node))) {
      const { refusal } = this
      this.refusal = null
      if (refusal !== null) throw refusal
      onWaiting?.(`Waiting for ${this.missingNames()}`)
      signal?.throwIfAborted()
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return false
      await settlesWithin(leftMs, Promise.race([this.change, stopped]))
      this.expectChange()
    }
    return true
  }

  private expectChange(): void {
    this.change = new Promise((resolve) => {
      this.changed = resolve
    })
  }

  private numbers(): number[] {
    return Array.from({ length: this.options.rendezvous.nodes - 1 }, (_, index) => index + 1)
  }

  private missing(): number[] {
    return this.numbers().filter((node) => this.isMissing(node))
  }

  private isMissing(node: number): boolean {
    return this.agents.get(node)?.isLost ?? true
  }

  private missingNames(): string {
    return formatList(this.missing().map((node) => nodeName(node)))
  }

  private agentOf(node: number): RemoteAgent {
    const agent = this.agents.get(node)
    if (agent !== undefined) return agent
    throw new TandemError({ code: 'node-lost', message: `${nodeName(node)} is not there`, hint: '' })
  }
}

/** What a run is planned with: a machine that has other things would be taken for an effect of the strategy. */
function compared({
  engines,
  devices,
  data,
  script,
}: MachineOffer): Pick<MachineOffer, 'engines' | 'devices' | 'data' | 'script'> {
  return { engines, devices, data, script }
}

function refuse(error: TandemError, mayComeAgain: boolean): Refusal {
  return { kind: 'refused', error, mayComeAgain }
}
