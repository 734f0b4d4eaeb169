import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../src/child/test-support/build-entry.js'
import { runDesktop } from '../src/headless/start/run-desktop.js'
import { launcherVariable } from '../src/shared/desktop-launch.js'
import { notebookPreset } from '../src/shared/presets.js'
import type { RunConfiguration } from '../src/shared/run-configuration.js'
import { eventually, stillRunning, trainersOf } from './tandem-process.js'

/*
 * The desktop app as a process of its own, started as `npm start` starts it, with a program in Electron's place that
 * imitates Electron. The app is the built one, and its trainers are real.
 */

const appDirectory = fileURLToPath(new URL('..', import.meta.url))
let imitation: BuiltEntry
let folder: string
let electron: string
let environment: NodeJS.ProcessEnv
/** Ended by the tests, unless they fail. */
const apps: number[] = []

beforeAll(async () => {
  imitation = await buildForNode('main/test-support/fake-electron-program.ts')
})
afterAll(() => imitation.dispose())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-launch-'))
  electron = join(folder, 'electron')
  await writeFile(electron, `#!${process.execPath}\nimport(${JSON.stringify(imitation.path)})`, {
    mode: 0o755,
  })
  environment = {
    ...process.env,
    TANDEM_DATA_DIR: folder,
    FAKE_PAGE: JSON.stringify({ userData: folder, run }),
  }
})
afterEach(async () => {
  for (const pid of stillRunning(apps.splice(0))) process.kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true })
})

/** Longer than any test waits. */
const run: RunConfiguration = {
  ...notebookPreset,
  preset: 'custom',
  strategies: ['ddp'],
  dataset: 'sample',
  backend: 'wasm',
  perGpuBatchSize: 2,
  epochs: 50,
  maxStepsPerEpoch: 50,
  numWorkers: 0,
  devices: 'cpu:2',
}

/** Its trainers, as soon as they train. */
async function trainersAtWork(app: number): Promise<number[]> {
  await eventually('it trains', 60_000, () => recording().includes('"type":"steps"'))
  expect(trainersOf(app)).toHaveLength(2)
  return trainersOf(app)
}

function recording(): string {
  try {
    const runId = readdirSync(join(folder, 'runs')).find((name) => /^\d/.test(name)) ?? ''
    return readFileSync(join(folder, 'runs', runId, 'recording.jsonl'), 'utf8')
  } catch {
    return ''
  }
}

async function statusOfRun(): Promise<string> {
  const runId = (await readdir(join(folder, 'runs'))).find((name) => /^\d/.test(name)) ?? ''
  return JSON.parse(await readFile(join(folder, 'runs', runId, 'run.json'), 'utf8')).summary.status
}

/** The process whose parent this is. */
async function childOf(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')[0])
}

describe.runIf(process.platform === 'linux')('the desktop app as a process', { timeout: 120_000 }, () => {
  it('says that it is open, and ends its trainers before itself when it is asked to', async () => {
    const controller = new AbortController()
    let opened = false
    const outcome = runDesktop({
      electron,
      appDirectory,
      wish: false,
      environment,
      signal: controller.signal,
      stderr: process.stderr,
      onOpen: () => {
        opened = true
      },
    })
    await eventually('it is open', 10_000, () => opened)
    const app = await childOf(process.pid)
    apps.push(app)
    const trainers = await trainersAtWork(app)
    controller.abort()

    expect(await outcome).toEqual({ kind: 'ended', exitCode: 0 })
    expect(stillRunning([app, ...trainers])).toEqual([])
    expect(await statusOfRun()).toBe('cancelled')
  })

  it('ends, with its trainers, when whoever started it is killed', async () => {
    const source = `
      const { spawn } = require('node:child_process')
      const env = { ...process.env, ${launcherVariable}: String(process.pid) }
      const app = spawn(process.argv[1], [process.argv[2], '--no-run'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
      app.stdout.once('data', () => console.log(app.pid))
      setInterval(() => {}, 1000)`
    const launcher = spawn(process.execPath, ['-e', source, electron, appDirectory], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(launcher.stdout, 'data')
    const app = Number(String(line))
    apps.push(app)
    const trainers = await trainersAtWork(app)
    launcher.kill('SIGKILL')

    await eventually('everything has ended', 20_000, () => stillRunning([app, ...trainers]).length === 0)
    expect(await statusOfRun()).toBe('cancelled')
  })

  it('ends its trainers even when it is itself killed', async () => {
    const child = spawn(electron, [appDirectory, '--no-run'], { env: environment, stdio: 'ignore' })
    const app = child.pid as number
    apps.push(app)
    const trainers = await trainersAtWork(app)
    child.kill('SIGKILL')

    await eventually('its trainers end', 5_000, () => stillRunning(trainers).length === 0)
  })
})
