import type { CheckFinding } from '../../shared/doctor/doctor-report.js'
import { fail } from '../../shared/doctor/doctor-report.js'
import {
  type EngineCheckJob,
  type FromEngineCheck,
  fromEngineCheckSchema,
} from '../../shared/doctor/engine-check-protocol.js'
import type { ChildLog } from '../child/child-log.js'
import type {
  ChildExit,
  ChildProgram,
  CommandOptions,
  SpawnChild,
  SpawnCommand,
} from '../child/child-program.js'
import { SupervisedChild } from '../child/supervised-child.js'
import { trainerEnvironment } from '../run/trainer-environment.js'

/** What every engine-check process of a host shares. */
export interface CheckHost {
  spawn: SpawnChild
  spawnCommand: SpawnCommand
  /** The built engine-check program. */
  entry: string
  environment: NodeJS.ProcessEnv
}

/** A program of another language that does the same, one rank of it. */
export interface CheckCommand {
  command: readonly [string, ...string[]]
  environment: Readonly<Record<string, string>>
  rank: number
}

export interface CheckProcessOptions {
  job: EngineCheckJob
  /** Tandem's own program where it is left out. */
  command?: CheckCommand | undefined
  /** Shows up in process lists and in words for people: "all-reduce rank 1". */
  title: string
  host: CheckHost
  /** The whole process may take no longer; it is killed then. */
  limitMs: number
  signal: AbortSignal
  onMessage(message: FromEngineCheck): void
}

/** How long a killed process is waited for: a driver call can make it unkillable. */
const killMs = 3_000

/**
 * Runs one engine-check process to its end. Resolves to null when it says that it is done, else to what it died of, as a
 * finding. Never rejects; when it resolves the process is gone, or cannot be ended.
 */
export function runCheckProcess(options: CheckProcessOptions): Promise<CheckFinding | null> {
  const { job, title, limitMs, signal } = options
  if (signal.aborted) return Promise.resolve(fail('stopped', 'Start doctor again.'))
  return new Promise((resolve) => {
    let isDone = false
    let verdict: CheckFinding | null = null
    const settle = (finding: CheckFinding | null): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', stop)
      resolve(finding)
    }
    const kill = (finding: CheckFinding): void => {
      verdict ??= finding
      void child.end({ graceMs: 0, terminateMs: null, killMs })
    }
    const stop = (): void => kill(fail('stopped', 'Start doctor again.'))
    const limit = setTimeout(() => {
      kill(
        fail(
          `no answer within ${limitMs / 1000} s`,
          'The engine or its driver hangs. See the system log for the driver.',
        ),
      )
    }, limitMs)
    const misunderstood = (): void => {
      // It is being ended; nothing that it says counts any more.
      if (verdict !== null) return
      kill(
        fail(
          `${title} said something that is not understood`,
          'Rebuild Tandem: its parts are of different versions.',
        ),
      )
    }
    const child = new SupervisedChild({
      start: (listeners) => start(options, { ...listeners, onProblem: misunderstood }),
      schema: fromEngineCheckSchema,
      logPath: null,
      // The limit of the whole comes first.
      silenceMs: limitMs,
      onSilence() {},
      onMessage(message) {
        if (verdict !== null) return
        if (message.type === 'done') isDone = true
        if (message.type === 'failed') {
          const { message: found, hint } = message.error
          verdict = fail(found, hint || 'Install the engine again, and update the driver of a GPU.')
        }
        options.onMessage(message)
      },
      onMalformed: misunderstood,
      onExit: (exit) => settle(verdict ?? (isDone && exit.code === 0 ? null : died(title, exit, child.log))),
      onUnkillable: () =>
        settle(
          fail(
            `${verdict?.found}, and its process could not be ended`,
            'A driver holds it; restart the machine.',
          ),
        ),
    })
    signal.addEventListener('abort', stop, { once: true })
    child.send({ type: 'start', job })
  })
}

type Listeners = Pick<CommandOptions, 'onOutput' | 'onMessage' | 'onProblem' | 'onExit'>

function start({ title, host, command }: CheckProcessOptions, listeners: Listeners): ChildProgram {
  const names = { name: title.replaceAll(' ', '-'), title }
  if (command === undefined) {
    const environment = trainerEnvironment(host.environment)
    return host.spawn({ ...names, ...listeners, entry: host.entry, environment })
  }
  return host.spawnCommand({
    ...names,
    ...listeners,
    ...command,
    environment: { ...host.environment, ...command.environment },
    // Its exit follows and says more.
    onDisconnect() {},
  })
}

function died(title: string, { code, signal, startError }: ChildExit, log: ChildLog): CheckFinding {
  if (startError !== undefined)
    return fail(`${title} could not be started: ${startError.message}`, 'Rebuild Tandem: npm ci')
  const printed = log.tellingLines()
  const how = signal === null ? `exit code ${code}` : signal
  return fail(
    `its process died (${how})${printed === '' ? '' : `; it printed: ${printed}`}`,
    'The engine or its driver crashed. Install the engine again, and update the driver of a GPU.',
  )
}
