import type { ToTrainer, TrainerJob } from '../../shared/child/trainer-protocol.js'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import type {
  ChildExit,
  ChildOptions,
  ChildProgram,
  CommandOptions,
  SpawnChild,
  SpawnCommand,
} from '../child/child-program.js'
import { RankGroup } from '../child/rank-group.js'
import type { TelemetrySource } from '../control/telemetry-source.js'
import { WatchedTrainers } from '../control/watched-trainers.js'
import { trainerEnvironment } from '../run/trainer-environment.js'
import { settlesWithin } from '../within.js'
import type { FromAgent, MachineOffer, RunWishOfHost, ToAgent } from './agent-protocol.js'

/** Longer output is told in parts: a line of the wire has a limit. */
const mostOutputCharacters = 65_536
/** From SIGTERM to SIGKILL, and until a killed trainer is given up on; its host is gone meanwhile. */
const terminateMs = 500
const killMs = 5_000

/** What this machine was found to have for a run. */
export interface PreparedMachine {
  offer: MachineOffer
  /** The job with this machine's own files in place of those of the host. Throws for what was not agreed on. */
  ownJob(job: TrainerJob): TrainerJob
}

/** What an agent starts trainers with. */
export interface OwnMachine {
  spawn: SpawnChild
  spawnCommand: SpawnCommand
  /** The built trainer program. */
  entry: string
  environment: NodeJS.ProcessEnv
  prepare(wish: RunWishOfHost): Promise<PreparedMachine>
  /** Null where nobody looks at the machine. */
  telemetry: TelemetrySource | null
  /** Whether a host was there before, whose absence means something. */
  hasMetHost: boolean
}

type Starters = Pick<OwnMachine, 'spawn' | 'spawnCommand' | 'entry' | 'environment'>

export interface AgentPrograms {
  prepare(wish: RunWishOfHost): Promise<MachineOffer>
  start(told: Extract<ToAgent, { type: 'start' }>): Promise<void>
  tell(child: number, message: ToTrainer): void
  terminate(child: number): void
  kill(child: number): void
  /** Ends whatever runs. Resolves when it is gone, or was given up on. */
  end(): Promise<void>
}

/** The trainers that an agent runs for one session of its host, and what they say. */
export function startPrograms(
  machine: OwnMachine,
  { say, sayInPassing }: { say(said: FromAgent): void; sayInPassing(said: FromAgent): void },
): AgentPrograms {
  const watched = new WatchedTrainers((pids) => machine.telemetry?.watch(pids))
  const watching: Starters = {
    ...machine,
    spawn: watched.watching(machine.spawn, () => {}),
    spawnCommand: watched.watching(machine.spawnCommand, () => {}),
  }
  const unsubscribe = machine.telemetry?.onSample((sample) => {
    if (running.size > 0) sayInPassing({ type: 'sample', sample: watched.name(sample) })
  })
  // One at a time, as measurements are.
  let command: { name: string; group: RankGroup } | null = null
  const commandOf = ({ script }: TrainerJob): RankGroup | undefined => {
    if (script?.share === undefined) return undefined
    const { group: name, ranks } = script.share
    if (command?.name !== name) command = { name, group: new RankGroup(ranks, { isWhole: false }) }
    return command.group
  }
  const running = new Map<number, { program: ChildProgram; gone: Promise<void> }>()
  /** Children that were ended before they had begun. */
  const cancelled = new Set<number>()
  let prepared: Promise<PreparedMachine> | null = null
  let isOver = false

  const start = (child: number, name: string, title: string, job: TrainerJob): void => {
    let tellGone!: () => void
    const gone = new Promise<void>((resolve) => {
      tellGone = resolve
    })
    const options = {
      name,
      title,
      onMessage: (message: unknown) => say({ type: 'message', child, message }),
      onOutput(text: string) {
        for (let from = 0; from < text.length; from += mostOutputCharacters) {
          say({ type: 'output', child, text: text.slice(from, from + mostOutputCharacters) })
        }
      },
      onExit(exit: ChildExit) {
        running.delete(child)
        say(exitOf(child, exit))
        tellGone()
      },
    }
    const program = spawnFor(job, watching, options, {
      group: commandOf(job),
      onProblem: (problem) => say({ type: 'problem', child, problem }),
      onDisconnect: () => say({ type: 'disconnected', child }),
    })
    running.set(child, { program, gone })
    program.send({ type: 'start', job })
  }

  return {
    async prepare(wish) {
      const preparing = machine.prepare(wish)
      if (wish.purpose === 'run') prepared = preparing
      return (await preparing).offer
    },
    async start({ child, name, title, job }) {
      try {
        if (prepared === null) throw notPrepared()
        const { ownJob } = await prepared
        if (cancelled.delete(child) || isOver) say(exitOf(child, { code: null, signal: 'SIGKILL' }))
        else start(child, name, title, ownJob(job))
      } catch (thrown) {
        const startError = new Error(toErrorReport(thrown).message)
        say(exitOf(child, { code: null, signal: null, startError }))
      }
    },
    tell: (child, message) => running.get(child)?.program.send(message),
    terminate: (child) => running.get(child)?.program.terminate(),
    kill(child) {
      const known = running.get(child)
      if (known === undefined) cancelled.add(child)
      else known.program.kill()
    },
    async end() {
      isOver = true
      unsubscribe?.()
      const all = [...running.values()]
      const gone = Promise.all(all.map((one) => one.gone))
      for (const { program } of all) program.terminate()
      if (await settlesWithin(terminateMs, gone)) return
      for (const { program } of all) program.kill()
      await settlesWithin(killMs, gone)
    },
  }
}

function spawnFor(
  job: TrainerJob,
  { spawn, spawnCommand, entry, environment }: Starters,
  options: Omit<ChildOptions, 'entry' | 'environment'>,
  ofCommand: Pick<CommandOptions, 'group' | 'onProblem' | 'onDisconnect'>,
): ChildProgram {
  if (job.program === undefined) {
    return spawn({ ...options, entry, environment: trainerEnvironment(environment) })
  }
  return spawnCommand({
    ...options,
    ...ofCommand,
    command: job.program.command,
    environment: { ...environment, ...job.program.environment },
    ...(job.program.workingDirectory !== undefined && { workingDirectory: job.program.workingDirectory }),
    rank: job.rank,
  })
}

function exitOf(child: number, { code, signal, startError }: ChildExit): FromAgent {
  return { type: 'exit', child, code, signal, startError: startError?.message ?? null }
}

function notPrepared(): TandemError {
  return new TandemError({
    code: 'internal',
    message: 'a trainer was to start before its machine was prepared',
    hint: '',
  })
}
