import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RunHistory } from '../../core/history/run-history.js'
import { readResults } from '../../core/results/results-file.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import { type CommandLineOptions, commandIo } from '../command-line.fixture.js'
import { publishElectron } from './electron-release.fixture.js'
import { type FakeDesktop, makeFakeElectron } from './fake-desktop.fixture.js'
import { startTandem } from './start-tandem.js'

let folder: string
const { cwd } = process

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-start-'))
  // results.json is written to where Tandem was started.
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(import.meta.dirname)
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

interface Start extends Partial<CommandLineOptions> {
  /** Electron's time to open its window; the usual one where it is not what a test waits for. */
  readyMs?: number
}

/** Starts Tandem, on a desk unless told otherwise, to its end. */
async function start({ readyMs, ...options }: Start = {}, wish: RunWish = 'first') {
  const { io, stdout, stderr } = commandIo({
    folder,
    isTerminal: true,
    ...options,
    environment: { DISPLAY: ':0', PATH: process.env.PATH, ...options.environment },
  })
  const exitCode = await startTandem(io, wish, {
    platform: 'linux',
    userId: 1000,
    opensBrowser: false,
    ...(readyMs !== undefined && { readyMs }),
  })
  return { exitCode, stdout: stdout(), stderr: stderr(), lines: stdout().trim().split('\n') }
}

async function startWith(behaviour: FakeDesktop, options: Start = {}) {
  const electron = await makeFakeElectron(folder, behaviour)
  await publishPackage()
  return await start({
    electronDirectory: join(folder, 'electron'),
    ...options,
    environment: { ELECTRON_OVERRIDE_DIST_PATH: electron.folder, ...options.environment },
  })
}

/** As npm leaves it. */
async function publishPackage(): Promise<void> {
  await mkdir(join(folder, 'electron'), { recursive: true })
  await writeFile(join(folder, 'electron', 'package.json'), '{ "version": "45.4.1" }')
}

/** The dashboard is there, and then it is not wanted any more. */
const untilServed = { interruptAt: '/login?token=' }

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('opens the desktop, says so in one line, and ends with it', async () => {
    const { exitCode, stdout } = await startWith('closes')

    expect(stdout).toBe(
      'The dashboard is open on the desktop: there is a display, and Electron runs   (Ctrl-C ends it)\n',
    )
    expect(exitCode).toBe(7)
  })

  it('ends the desktop on Ctrl-C', async () => {
    const { exitCode } = await startWith('ready', { interruptAt: 'open on the desktop' })

    expect(exitCode).toBe(0)
  })

  it('is content with a desktop that is open already', async () => {
    const { exitCode, stdout } = await startWith('running-already')

    expect(stdout).toBe('The dashboard is already open on the desktop; its window has come to the front\n')
    expect(exitCode).toBe(0)
  })

  it.each<[FakeDesktop, Start, RegExp]>([
    ['dies', {}, /^Opening the dashboard for a browser: Electron did not open a window: .*Missing X server/],
    [
      'hangs',
      { readyMs: 1_000 },
      /^Opening the dashboard for a browser: Electron did not open a window: it was not ready/,
    ],
  ])('serves browsers where Electron %s', async (behaviour, patience, why) => {
    const { exitCode, lines } = await startWith(behaviour, { ...untilServed, ...patience })

    expect(lines[0]).toMatch(why)
    expect(lines[1]).toMatch(/^Dashboard: http:\/\/127\.0\.0\.1:\d+\/login\?token=/)
    expect(exitCode).toBe(0)
  })

  it('serves browsers where there is no display', async () => {
    const { lines } = await startWith('ready', { ...untilServed, environment: { DISPLAY: '' } })

    expect(lines[0]).toMatch(/^Opening the dashboard for a browser: there is no display/)
  })

  it('serves browsers without the package electron', async () => {
    const { lines } = await start(untilServed)

    expect(lines[0]).toMatch(/Electron is not there: the package electron is not installed$/)
  })

  it('fetches Electron once, with progress, and goes on with it', async () => {
    const release = await publishElectron()
    try {
      for (const [name, value] of Object.entries(release.environment)) vi.stubEnv(name, value)
      const { packageDirectory: electronDirectory } = release
      const first = await start({ ...untilServed, electronDirectory, environment: release.environment })

      // What was fetched is a program that ends at once.
      expect(first.stdout).toMatch(/Electron did not open a window: it ended with exit code 0/)
      await access(join(electronDirectory, 'dist', 'electron'))
      expect(release.requests).toHaveLength(1)
    } finally {
      await release.remove()
    }
  })

  it('serves browsers where Electron cannot be fetched, and does not try again for a while', async () => {
    const release = await publishElectron((response) => response.writeHead(403).end())
    try {
      for (const [name, value] of Object.entries(release.environment)) vi.stubEnv(name, value)
      const { packageDirectory: electronDirectory } = release
      const first = await start({ ...untilServed, electronDirectory })
      const second = await start({ ...untilServed, electronDirectory })

      expect(first.stdout).toMatch(/Electron is not there: it could not be fetched \(.*403/)
      expect(second.lines[0]).toMatch(/Electron is not there: the download failed within the last hour/)
      expect(release.requests).toHaveLength(1)
    } finally {
      await release.remove()
    }
  })

  it('measures to the end where nobody is, and says where everything lies', async () => {
    const { exitCode, stdout, lines } = await start({ isTerminal: false })

    expect(lines[0]).toBe(
      'Measuring (quick) to the end, without a dashboard: nobody is watching (no terminal)',
    )
    expect(stdout).toMatch(/Strategy .*Speedup/)
    const results = join(cwd(), 'results.json')
    const [run] = await new RunHistory(join(folder, 'runs')).list()
    expect(lines.slice(-2)).toEqual([
      `Results: ${results}`,
      `History: ${join(folder, 'runs', run?.runId as string)}`,
    ])
    expect(await readResults(results)).toMatchObject({
      status: 'complete',
      configuration: { preset: 'quick' },
    })
    expect(exitCode).toBe(0)
  })

  it('serves where nobody is when no run is wanted', async () => {
    const { lines } = await start({ ...untilServed, isTerminal: false }, false)

    expect(lines[0]).toMatch(/^Opening the dashboard for a browser: nobody is watching/)
  })
})
