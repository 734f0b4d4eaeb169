import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeElectron, type FakeElectron } from '../src/main/test-support/fake-electron/index.js'
import { type FakePage, loadFakePage } from '../src/main/test-support/fake-page.js'
import { notebookPreset } from '../src/shared/run/presets.js'
import type { RunConfiguration } from '../src/shared/run/run-configuration.js'
import { isActive } from '../src/shared/run/run-stage.js'

/*
 * The desktop app as it ships, in plain Node: ES modules that Electron 22, in which the tests of `electron` run, cannot
 * load. Its main process runs here, with an imitation of Electron in place of Electron, its preload in a sandbox of
 * Node's, and its trainers and sampler are real processes. All that follows once it runs is in `electron`.
 */

const main = '../out/main/index.js'
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let folder: string
let electron: FakeElectron
let pages: FakePage[]
let foreignListeners: Map<string, Set<unknown>>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-desktop-'))
  vi.stubEnv('TANDEM_DATA_DIR', folder)
  vi.resetModules()
  pages = []
  foreignListeners = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]))
})
afterEach(async () => {
  for (const page of pages) page.unload()
  if (electron.app.exitCode === null) await quitAnyway()
  vi.doUnmock('electron')
  vi.unstubAllEnvs()
  for (const signal of signals)
    for (const listener of process.listeners(signal))
      if (!foreignListeners.get(signal)?.has(listener)) process.off(signal, listener)
  expect(electron.children.filter(({ pid }) => pid !== undefined)).toEqual([])
  await rm(folder, { recursive: true })
})

/** Runs the built main process up to its open window. */
async function startApp() {
  electron = createFakeElectron({ userData: folder })
  vi.doMock('electron', () => electron.module)
  const { argv } = process
  process.argv = ['electron', '.', '--no-run']
  try {
    await import(main)
  } finally {
    process.argv = argv
  }
  await electron.becomeReady()
  return electron
}

async function openPage(): Promise<FakePage> {
  const page = await loadFakePage(electron)
  pages.push(page)
  await until('the page is connected', () => page.known.connection === 'open')
  return page
}

async function until(what: string, condition: () => boolean, timeout = 60_000): Promise<void> {
  await vi.waitFor(() => expect(condition(), what).toBe(true), { timeout, interval: 20 })
}

async function quitAnyway(): Promise<void> {
  process.emit('SIGTERM', 'SIGTERM')
  await until('the app has ended', () => electron.app.exitCode !== null)
}

const configuration: RunConfiguration = {
  ...notebookPreset,
  preset: 'custom',
  strategies: ['single', 'ddp'],
  dataset: 'sample',
  batchSizeSingle: 8,
  perGpuBatchSize: 4,
  maxStepsPerEpoch: 4,
  learningRate: 0.005,
  numWorkers: 0,
  devices: 'cpu:2',
}

const stageOf = (page: FakePage) => page.known.control?.stage ?? { kind: 'idle' as const }
const trainers = () => electron.children.filter(({ options }) => !options.serviceName?.includes('ampler'))
const stepsDone = (page: FakePage) => page.known.run?.steps('single')?.group.length ?? 0

describe('the built desktop app', { timeout: 180_000 }, () => {
  it('shows its page, from a scheme of its own, to which it keeps', async () => {
    await startApp()

    expect(electron.app.sandboxed).toBe(true)
    expect(electron.privileged).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
    expect(electron.windows.map(({ webContents }) => webContents.url)).toEqual(['app://tandem/index.html'])
    const { document, bridge } = await openPage()
    const html = await document.text()
    const policy = document.headers.get('content-security-policy') ?? ''
    const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1]
    expect(html).toContain(`name="style-nonce" content="${nonce}"`)
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(bridge.versions.electron).toBe('45.4.1')
    expect(electron.askPermission('media')).toBe(false)
    expect(await electron.sends('https://example.org/')).toBe(false)
  })

  it('trains, and shows the run to its page from the first step to the result', async () => {
    await startApp()
    const page = await openPage()
    await until('an engine is settled', () => page.known.engine?.status !== 'searching')

    const { runId } = await page.client.call('startRun', { configuration })
    await until('it is done', () => !isActive(stageOf(page)), 120_000)

    expect(stageOf(page)).toEqual({ kind: 'done', runId })
    expect(page.known.app?.shell).toBe('desktop')
    expect(stepsDone(page)).toBe(8)
    expect(page.known.run?.steps('ddp')?.group.length).toBe(8)
    const results = await page.client.call('readResults', { runId })
    expect(results).toMatchObject({ status: 'complete', configuration: { strategies: ['single', 'ddp'] } })
    expect(trainers().map(({ options }) => options.serviceName)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Tandem Single \(/),
        expect.stringMatching(/^Tandem DDP rank 0 \(/),
        expect.stringMatching(/^Tandem DDP rank 1 \(/),
      ]),
    )
    await until('the sampler tells of the machine', () => page.known.telemetry?.state === 'running')

    // What the imitation prints is what the hidden window was shown.
    const pdf = await page.client.call('exportRun', { runId, format: 'pdf', paper: 'a4' })
    expect(pdf.fileName).toBe(`tandem-${runId}.pdf`)
    expect(Buffer.from(pdf.base64, 'base64').toString()).toMatch(/^%PDF-1.4 of <!doctype html>[\s\S]*<svg/)
    expect(electron.windows).toHaveLength(1)
  })
})
