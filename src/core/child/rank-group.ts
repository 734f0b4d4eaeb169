import { tokenVariable } from '../../shared/child/socket-carrier.js'
import { trainsTwice } from '../script/explain-script.js'
import { settlesWithin } from '../within.js'
import type { ChildExit, ChildProgram, CommandOptions, ProgramOfRanks } from './child-program.js'
import { endStrays } from './end-strays.js'
import { lastMessagesMs, openProgramSocket, type Peer } from './program-socket.js'
import { type StartedProgram, startProgram } from './start-program.js'

/** How long a command may go on after its ranks were measured, and from SIGTERM to SIGKILL. */
const commandEndMs = 10_000
const terminateMs = 1_000

/** The words after which a rank says nothing more. */
const lastWords: ReadonlySet<unknown> = new Set(['done', 'stopped', 'failed'])

interface Rank {
  options: CommandOptions
  peer: Peer | null
  unsent: unknown[]
  lastWord: unknown
  /** After it was done it was told that all others are. */
  isReleased: boolean
  closed: Promise<void>
  close(): void
}

/**
 * One command that starts several ranks by itself, as torchrun does: it is started once, and each rank connects for
 * itself. The socket stays open until the command has ended, so that a process too many is heard of. To its owner each rank
 * is a program of its own, which ends when the command does. A rank that was done counts as ended with 0, whatever the command
 * made of its end. Where more ranks are elsewhere, their host says when all are done.
 */
export class RankGroup implements ProgramOfRanks {
  private readonly ranks = new Map<number, Rank>()
  private started: StartedProgram | null = null
  private ended: ChildExit | null = null
  private readonly isWhole: boolean

  /** @param isWhole whether these are all ranks that there are */
  constructor(
    private readonly count: number,
    { isWhole = true }: { isWhole?: boolean } = {},
  ) {
    this.isWhole = isWhole
  }

  /** The rank of `options`; the command of the first one that joins is started. */
  join(options: CommandOptions): ChildProgram {
    const rank = newRank(options)
    this.ranks.set(options.rank, rank)
    this.started ??= this.start(options)
    const { started, ended } = this
    // It came too late: the command is gone. Never before this has returned.
    if (ended !== null) setImmediate(() => options.onExit(ended))
    return {
      get pid() {
        return rank.peer?.hello.pid ?? (options.rank === 0 ? started.pid : undefined)
      },
      send: (message) => {
        if (rank.peer === null) rank.unsent.push(message)
        else rank.peer.send(message)
        if (!this.isWhole && isStop(message) && rank.lastWord === 'done') this.release(rank)
      },
      terminate: () => this.end(rank, started.terminate),
      kill: () =>
        this.end(rank, () => {
          started.kill()
          // Ranks that a launcher put beyond its group's reach end when their connection does.
          for (const { peer } of this.ranks.values()) peer?.close()
        }),
    }
  }

  private start(options: CommandOptions): StartedProgram {
    const socket = openProgramSocket((peer) => {
      const rank = this.ranks.get(peer.hello.rank)
      if (rank === undefined) return null
      if (rank.peer === null) return this.meet(rank, peer)
      this.tellTwins(rank, rank.peer, peer)
      return null
    })
    const started = startProgram(options, socket.environment)
    const secret = socket.environment[tokenVariable]
    void this.tellEnd(started, secret, () => socket.close())
    return started
  }

  private meet(rank: Rank, peer: Peer) {
    rank.peer = peer
    for (const message of rank.unsent.splice(0)) peer.send(message)
    return {
      onMessage: (message: unknown) => {
        const type = (message as { type?: unknown } | null)?.type
        if (lastWords.has(type)) rank.lastWord = type
        rank.options.onMessage(message)
        if (type === 'done') this.releaseOnceAllAreDone()
      },
      onProblem: rank.options.onProblem,
      onClose() {
        rank.close()
        rank.options.onDisconnect()
      },
    }
  }

  /** Another process says that it is this rank: what both train at the same time is not what was to be measured. */
  private tellTwins(rank: Rank, first: Peer, second: Peer): void {
    if (rank.lastWord !== null) return
    const pids = [first.hello.pid, second.hello.pid].sort((a, b) => a - b)
    rank.options.onMessage({ type: 'failed', error: trainsTwice(rank.options.rank, pids) })
  }

  /** A rank that is done waits until all are: what one has left undone, another may still need. */
  private releaseOnceAllAreDone(): void {
    const ranks = [...this.ranks.values()]
    if (!this.isWhole || ranks.length < this.count || ranks.some(({ lastWord }) => lastWord !== 'done'))
      return
    for (const { peer } of ranks) peer?.send({ type: 'stop' })
    void this.endCommand()
  }

  private release(rank: Rank): void {
    if (rank.isReleased) return
    rank.isReleased = true
    if ([...this.ranks.values()].every(({ isReleased }) => isReleased)) void this.endCommand()
  }

  /** What the command still does once its ranks have ended is no part of a measurement. */
  private async endCommand(): Promise<void> {
    const { started } = this
    if (started === null || (await settlesWithin(commandEndMs, started.gone))) return
    started.terminate()
    if (!(await settlesWithin(terminateMs, started.gone))) started.kill()
  }

  /** Not on behalf of a rank that is done, while others train on. */
  private end(rank: Rank, act: () => void): void {
    const othersTrain = [...this.ranks.values()].some(
      ({ peer, lastWord }) => peer !== null && lastWord === null,
    )
    if (rank.lastWord !== 'done' || !othersTrain) act()
  }

  private async tellEnd(
    started: StartedProgram,
    secret: string | undefined,
    closeSocket: () => void,
  ): Promise<void> {
    await started.gone
    closeSocket()
    const connected = [...this.ranks.values()].filter(({ peer }) => peer !== null)
    await settlesWithin(lastMessagesMs, Promise.all(connected.map(({ closed }) => closed)))
    for (const { peer } of connected) peer?.close()
    const exit = await started.exit
    if (secret !== undefined) await endStrays(secret)
    this.ended = exit
    for (const { options, lastWord } of this.ranks.values()) {
      options.onExit(lastWord === 'done' ? { code: 0, signal: null } : exit)
    }
  }
}

function newRank(options: CommandOptions): Rank {
  let close!: () => void
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  return { options, peer: null, unsent: [], lastWord: null, isReleased: false, closed, close }
}

function isStop(message: unknown): boolean {
  return (message as { type?: unknown } | null)?.type === 'stop'
}
