import type { ErrorReport } from '../../shared/errors.js'
import type { RunSample } from '../../shared/live/live-event.js'
import type { MachineClock } from '../../shared/machine/machine-clock.js'
import type { ChildProgram } from '../child/child-program.js'
import type { MachineOffer, RunWishOfHost } from './agent-protocol.js'
import type { RemoteChildOptions } from './remote-agent.js'

/** How somebody waits for machines. */
export interface Waiting {
  signal?: AbortSignal | undefined
  /** Whom is waited for, for people. */
  onWaiting?: ((text: string) => void) | undefined
}

/** What a run over several machines needs of the other ones. */
export interface OtherMachines {
  /** How many there are, with node 0. */
  readonly nodes: number
  /**
   * Asks what all of them have, in the order of their numbers, the first one being node 1. A run waits until they are there;
   * for a plan there is none as long as one is missing. Throws `node-missing`, `node-lost`, and what a machine refuses with.
   */
  prepare(
    wish: Omit<RunWishOfHost, 'hostAddress'>,
    waiting?: Waiting,
  ): Promise<{ name: string; offer: MachineOffer }[]>
  /**
   * Waits some time, once, for those of these machines that were lost. Resolves whether they came or not: what is started
   * on one that is gone says so. Throws what a machine was refused with meanwhile.
   */
  comeBack(machines: readonly number[], signal: AbortSignal): Promise<void>
  spawn(machine: number, options: RemoteChildOptions): ChildProgram
  /** Why a machine is not heard of right now, if so. */
  absence(machine: number): ErrorReport | null
  /** Of the other machines, while trainers run there. @returns ends the subscription */
  onSample(listener: (sample: RunSample) => void): () => void
  /** Free ports of one machine, for its ranks. Throws `node-lost`. */
  findPorts(machine: number, count: number): Promise<number[]>
  /** Where ranks of a machine are reached by those of others. */
  address(machine: number): string
  /** What is known of a machine's clock, for what was measured since the last call; null where it never answered. */
  takeClock(machine: number): MachineClock | null
  /** Of node 0. */
  readonly own: { address: string; interfaceName: string }
}
