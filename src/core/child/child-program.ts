import { hostPidVariable } from '../../shared/child/host-pid.js'
import { clockOffsetMs, clockOffsetVariable } from '../../shared/clock.js'

/**
 * A program of ours that runs as a process of its own (trainer, sampler), as the host needs it. Plain Node
 * implements it with `child_process.fork` (`node-child.ts`), Electron with `utilityProcess.fork`.
 */
export interface ChildProgram {
  /** Undefined where the process could not be started, and while Electron is still starting it. */
  readonly pid: number | undefined
  /** Never throws; a message to a process that is gone is lost, and its exit tells. */
  send(message: unknown): void
  /** Asks the operating system to end it, in a way that it may ignore (SIGTERM). */
  terminate(): void
  /** Ends it for certain (SIGKILL). */
  kill(): void
}

export interface ChildOptions {
  /** The built program. */
  entry: string
  /** Shows up in process lists: `ddp-rank-1`. */
  name: string
  /** What people call it: `DDP rank 1`. */
  title: string
  environment: NodeJS.ProcessEnv
  /** As received: not validated yet. */
  onMessage(message: unknown): void
  /** Standard output and standard error, as they come. */
  onOutput(text: string): void
  /** Once, and last: after every message and all output, and never before `spawn` has returned. */
  onExit(exit: ChildExit): void
}

export interface ChildExit {
  /** Null when a signal ended the process, or it never started. */
  code: number | null
  signal: NodeJS.Signals | null
  /** Why the process could not be started. */
  startError?: Error
}

export type SpawnChild = (options: ChildOptions) => ChildProgram

/** A program in any language, which speaks JSON lines over a socket (`socket-child.ts`). */
export interface CommandOptions extends Omit<ChildOptions, 'entry'> {
  /** The program's file or its name on PATH, then its arguments. */
  command: readonly [string, ...string[]]
  /** Where it starts; the host's folder where none is named. */
  workingDirectory?: string
  /** What it has to call itself when it connects. */
  rank: number
  /** The ranks that the command starts, where it starts several; absent for a program that is a rank itself. */
  group?: ProgramOfRanks | undefined
  /** It broke the rules of the socket and is heard no more, in words that follow its name. */
  onProblem(problem: string): void
  /** It ended the conversation, or was cut off; it may still be running. */
  onDisconnect(): void
}

/** One command that starts several ranks (`rank-group.ts`). */
export interface ProgramOfRanks {
  join(options: CommandOptions): ChildProgram
}

export type SpawnCommand = (options: CommandOptions) => ChildProgram

/** What every shell adds to a child's environment when it starts it: whom not to outlive, and what time it is. */
export function hostEnvironment(): NodeJS.ProcessEnv {
  return { [hostPidVariable]: String(process.pid), [clockOffsetVariable]: String(clockOffsetMs()) }
}

/**
 * The environment of a child: the host's, less what would change how Node itself runs. A debugger port or
 * a preloaded module of the host's must not be inherited by processes that are measured.
 */
export function childEnvironment(host: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_INSPECT_RESUME_ON_START, ...rest } = host
  return rest
}
