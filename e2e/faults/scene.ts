import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../src/child/test-support/build-entry.js'
import { hostOfCollective } from '../../src/core/run/collective-files.js'
import type { FakeBehaviour } from '../../src/core/run/fake-host.fixture.js'
import type { RunTimeouts } from '../../src/core/run/timeouts.js'
import type { HistoryEntry } from '../../src/shared/results/history-entry.js'
import type { Results } from '../../src/shared/results/results.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const fakeTrainer = join(root, 'src', 'core', 'run', 'fake-trainer.fixture.mjs')
const fakeSampler = join(root, 'src', 'core', 'telemetry', 'fake-sampler.fixture.mjs')

/** The command line with trainers that misbehave. One for a file of tests. */
export function buildTandem(): Promise<BuiltEntry> {
  return buildForNode('../e2e/faults/tandem-with-faults.ts', 'child/host-bond.ts', 'child/watchdog-worker.ts')
}

/** A Tandem for a file of tests, and a scene for each of them. */
export function scenes(): { readonly tandem: BuiltEntry; readonly scene: Scene } {
  const stage = {} as { tandem: BuiltEntry; scene: Scene }
  beforeAll(async () => {
    stage.tandem = await buildTandem()
  })
  afterAll(() => stage.tandem.dispose())
  beforeEach(() => {
    stage.scene = new Scene(stage.tandem)
  })
  afterEach(() => stage.scene.dispose())
  return stage
}

/** What finishes what was left: any run does. */
export async function startAgain(scene: Scene): Promise<void> {
  const command = scene.run(['--strategies', 'single'])
  expect(await command.ended(), command.output()).toBe(0)
}

export const isTraining = /Warm-up/
export const single = ['--strategies', 'single']

export interface StartOptions {
  /** Trainers that speak the protocol and train nothing; null for the real ones. */
  trainers?: FakeBehaviour | null
  /** `real` where the sampler takes part; else one of a quiet machine, so that nothing is measured again for others' sake. */
  sampler?: 'quiet' | 'real'
  /** A fault inside real trainers. */
  inside?: string
  timeouts?: Partial<RunTimeouts>
  environment?: NodeJS.ProcessEnv
  /** What starts it: `['unshare', '--mount']`. */
  launcher?: readonly string[]
}

/** A command under test. */
export interface Command {
  readonly child: ChildProcess
  output(): string
  printed(pattern: RegExp): Promise<void>
  /** Its exit code; null where a signal ended it. */
  ended(): Promise<number | null>
}

/** One Tandem of its own: folders for everything that it may leave behind, and a mark that all its processes carry. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'tandem-scene-'))
  readonly data: string
  readonly outputFile: string
  private readonly mark = randomBytes(8).toString('hex')
  private readonly pids: number[] = []

  constructor(
    private readonly built: BuiltEntry,
    data?: string,
  ) {
    this.data = data ?? join(this.folder, 'data')
    mkdirSync(join(this.folder, 'out'))
    mkdirSync(join(this.folder, 'tmp'))
    this.outputFile = join(this.folder, 'out', 'results.json')
  }

  start(parameters: readonly string[], options: StartOptions = {}): Command {
    const {
      trainers = {},
      sampler = 'quiet',
      inside,
      timeouts = {},
      environment = {},
      launcher = [],
    } = options
    const words = [...launcher, process.execPath, this.built.path, ...parameters] as [string, ...string[]]
    const child = spawn(words[0], words.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        FAULTS_ROOT: root,
        FAULTS_MARK: this.mark,
        FAULTS_TIMEOUTS: JSON.stringify(timeouts),
        TANDEM_DATA_DIR: this.data,
        TANDEM_CACHE_DIR: join(this.folder, 'cache'),
        TMPDIR: join(this.folder, 'tmp'),
        ...(trainers !== null && {
          FAULTS_TRAINER: join(here, 'bound-trainer.mjs'),
          FAKE_TRAINER: JSON.stringify(trainers),
        }),
        ...(sampler === 'quiet' && { FAULTS_SAMPLER: fakeSampler }),
        FAULTS_BOND: join(dirname(this.built.path), 'host-bond.js'),
        FAULTS_FAKE: fakeTrainer,
        ...(inside !== undefined && {
          FAULTS_TRAINER: join(here, 'faulty-trainer.mjs'),
          FAULTS_INSIDE: inside,
        }),
        ...environment,
      },
    })
    if (child.pid !== undefined) this.pids.push(child.pid)
    return observe(child)
  }

  /** A short run of all strategies on two devices, with the output file that scenes have. */
  run(parameters: readonly string[] = [], options: StartOptions = {}): Command {
    return this.start(['run', ...shortRun, '--output-file', this.outputFile, ...parameters], options)
  }

  results(): Results {
    return JSON.parse(readFileSync(this.outputFile, 'utf8'))
  }

  /** The list as a further command of the same user has it, without the example that ships with Tandem. */
  async list(): Promise<HistoryEntry[]> {
    const command = this.start(['history', 'list', '--limit', '100000', '--json'])
    expect(await command.ended(), command.output()).toBe(0)
    const { runs } = JSON.parse(command.output()) as { runs: HistoryEntry[] }
    return runs.filter(({ isExample }) => isExample !== true)
  }

  /** Every process that this scene started and that still runs, whoever is its parent by now. */
  processes(): { pid: number; name: string; isFrozen: boolean }[] {
    return readdirSync('/proc').flatMap((name) => {
      try {
        if (!/^\d+$/.test(name) || !readFileSync(`/proc/${name}/environ`, 'utf8').includes(this.mark))
          return []
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0)
        if ('ZX'.includes(state)) return []
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
        const isFrozen = state === 'T'
        return [{ pid: Number(name), name: words.map((word) => basename(word)).join(' '), isFrozen }]
      } catch {
        // It ended while we looked, or is another user's.
        return []
      }
    })
  }

  /** What no command may leave behind, whatever happened to it. */
  async expectNothingLeft(): Promise<void> {
    await vi.waitFor(() => expect(this.processes()).toEqual([]), { timeout: 30_000, interval: 100 })
    const memory = readdirSync('/dev/shm').filter((name) =>
      this.pids.includes(hostOfCollective(name)?.pid ?? Number.NaN),
    )
    expect(memory, 'shared memory').toEqual([])
    expect(this.unwhole(), 'files that are not whole').toEqual([])
  }

  /** Files and folders that were never finished. */
  unwhole(): string[] {
    return [this.folder, this.data]
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      .filter((path) => /\.partial$|tandem-collective|hosts\/./.test(path))
  }

  dispose(): void {
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const shortRun = [
  ...['--strategies', 'single,dp,ddp', '--dataset', 'synthetic', '--backend', 'wasm', '--devices', 'cpu:2'],
  ...['--batch-size-single', '4', '--per-gpu-batch-size', '2', '--epochs', '2', '--max-steps-per-epoch', '3'],
  ...['--num-workers', '0', '--autotune', 'off'],
]

function observe(child: ChildProcess): Command {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  const closed = once(child, 'close') as Promise<[number | null]>
  return {
    child,
    output: () => text,
    async printed(pattern) {
      while (!pattern.test(text)) {
        const ended = closed.then(() => true)
        const more = once(child.stdout as NodeJS.ReadableStream, 'data').then(() => false)
        if ((await Promise.race([ended, more])) && !pattern.test(text)) {
          throw new Error(`ended before it printed ${pattern}:\n${text}`)
        }
      }
    },
    ended: async () => (await closed)[0],
  }
}
