import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { hostOfCollective } from '../src/core/run/collective-files.js'

export { eventually } from './eventually.js'

/** The built command line, started as a person starts it. */
export interface TandemProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Everything printed so far, both streams. */
  output(): string
  /** Resolves when `pattern` has been printed; rejects if the process ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
  /** Exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>
}

const entry = fileURLToPath(new URL('../out/main/tandem.js', import.meta.url))

let temporary: string | null = null

/** Tests leave the history of the person who runs them alone. */
function dataFolder(): string {
  temporary ??= mkdtempSync(join(tmpdir(), 'tandem-data-'))
  return temporary
}

// Of the file of tests that imports this: its process ends without an event in which to do it.
afterAll(() => {
  if (temporary !== null) rmSync(temporary, { recursive: true, force: true })
})

/** @param launcher a command line that becomes the one after it, such as `taskset -c 0` */
export function startTandem(
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  program = entry,
  launcher: readonly string[] = [],
): TandemProcess {
  const [file = '', ...words] = [...launcher, process.execPath, program, ...parameters]
  const child = spawn(file, words, {
    env: { ...process.env, TANDEM_DATA_DIR: dataFolder(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  return {
    child,
    pid: child.pid as number,
    output: () => text,
    async printed(pattern) {
      for (;;) {
        const match = text.match(pattern)
        if (match !== null) return match
        const next = Promise.race([once(child.stdout, 'data'), exited.then(() => 'ended')])
        if ((await next) === 'ended' && !pattern.test(text)) {
          throw new Error(`ended before it printed ${pattern}:\n${text}`)
        }
      }
    },
    async ended() {
      const [code, signal] = await exited
      return code ?? (signal as NodeJS.Signals)
    },
  }
}

interface ProcessStatus {
  pid: number
  parent: number
  state: string
  command: string
}

/** Every process of this machine that is not a zombie (Linux). */
function runningProcesses(): ProcessStatus[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ') as [string, string]
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return [{ pid: Number(name), parent: Number(parent), state, command }]
      } catch {
        // It ended while we looked.
        return []
      }
    })
    .filter(({ state }) => state !== 'Z')
}

/** The trainers that a host has started and that are still there. */
export function trainersOf(hostPid: number): number[] {
  return childrenOf(hostPid, 'trainer.js')
}

/** What a process has started, is still there, and has this in its command line. */
export function childrenOf(parentPid: number, part: string): number[] {
  return runningProcesses()
    .filter(({ parent, command }) => parent === parentPid && command.includes(part))
    .map(({ pid }) => pid)
}

/** Which of these processes are still there. */
export function stillRunning(pids: readonly number[]): number[] {
  const running = new Set(runningProcesses().map(({ pid }) => pid))
  return pids.filter((pid) => running.has(pid))
}

/** What the ranks of a host have in the folder for shared memory; other tests may have theirs there. */
export function sharedMemoryFilesOf(hostPid: number): string[] {
  return readdirSync('/dev/shm').filter((name) => hostOfCollective(name)?.pid === hostPid)
}
