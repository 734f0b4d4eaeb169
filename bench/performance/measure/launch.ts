import which from 'which'
import { cacheFolder } from '../../../src/core/cache-folder.js'
import { childEnvironment } from '../../../src/core/child/child-program.js'
import { runProgram } from '../../../src/core/run-program.js'
import { type Isa, isaEnvironment } from '../isa.js'

/** Starts programs on chosen cores. */
export interface Launch {
  /** What to put in front of a program to confine it to `cores`; empty where the system has no `taskset`. */
  launcher(cores: readonly number[]): string[]
  environment: NodeJS.ProcessEnv
  /** Where trainers' output goes, a file each; null for nowhere. */
  logDirectory: string | null
}

/** Every program gets the cap on instruction sets, and one thread a core from what reads OMP_NUM_THREADS. */
export async function createLaunch(environment: NodeJS.ProcessEnv, isa: Isa | null = null): Promise<Launch> {
  const taskset = await which('taskset', { nothrow: true })
  return {
    launcher: (cores) => (taskset === null ? [] : [taskset, '--cpu-list', cores.join(',')]),
    environment: {
      ...childEnvironment(environment),
      OMP_NUM_THREADS: '1',
      ...isaEnvironment(isa, cacheFolder()),
    },
    logDirectory: null,
  }
}

export interface Program {
  file: string
  parameters: readonly string[]
  cores: readonly number[]
}

const timeoutMs = 10 * 60_000

/** Runs a program that prints one line of JSON last, and returns what it says. Throws with what it printed. */
export async function runForJson(launch: Launch, program: Program, signal: AbortSignal): Promise<unknown> {
  const [file, ...parameters] = [...launch.launcher(program.cores), program.file, ...program.parameters]
  const { environment } = launch
  const { ending, exitCode, stdout, stderr } = await runProgram(file as string, parameters, {
    environment,
    signal,
    timeoutMs,
  })
  if (ending !== 'exited' || exitCode !== 0) {
    throw new Error(`${program.file} ${ending} with ${exitCode}: ${stderr.trim().slice(-500)}`)
  }
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
