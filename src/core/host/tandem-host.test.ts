import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ExportedFile, RunList } from '../../shared/contract/commands.js'
import type { ExportFormatId } from '../../shared/export/export-formats.js'
import { LiveRun } from '../../shared/live/live-run.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { OfferedScript } from '../../shared/script/offered-script.js'
import { configurationOf } from '../../shared/script/script-configuration.js'
import { spawnNodeChild } from '../child/node-child.js'
import { measuredResults } from '../results/measured-results.fixture.js'
import { parseResults } from '../results/results-file.js'
import { type FakeBehaviour, fakeHost, fakeTrainerEntry, running } from '../run/fake-host.fixture.js'
import { memoryPage } from './memory-wire.fixture.js'
import { TandemHost } from './tandem-host.js'

const fakeEngineCheckEntry = fileURLToPath(
  new URL('../doctor/fake-engine-check.fixture.mjs', import.meta.url),
)
const fakeSamplerEntry = fileURLToPath(new URL('../telemetry/fake-sampler.fixture.mjs', import.meta.url))

let folder: string
let host: TandemHost
let pids: number[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-host-'))
})
afterEach(async () => {
  await host.close()
  expect(running(pids)).toEqual([])
  await rm(folder, { recursive: true })
})

function openHost(behaviour: FakeBehaviour = {}, offeredScript?: OfferedScript): TandemHost {
  const fake = fakeHost(behaviour)
  pids = fake.pids
  host = new TandemHost({
    shell: 'web',
    version: '0.1.0',
    environment: { PATH: '', TANDEM_DATA_DIR: folder, TANDEM_CACHE_DIR: folder },
    resourcesDirectory: fileURLToPath(new URL('../../../resources', import.meta.url)),
    trainerEntry: fakeTrainerEntry,
    samplerEntry: fakeSamplerEntry,
    engineCheckEntry: fakeEngineCheckEntry,
    spawn: (options) => (options.entry === fakeTrainerEntry ? fake.spawn(options) : spawnNodeChild(options)),
    installsEngine: false,
    ...(offeredScript !== undefined && { offeredScript }),
    reports: {
      render: async ({ title }, paper) => `<title>${title}, ${paper}</title>`,
      print: async (html) => ({ bytes: Buffer.from(`%PDF ${html}`), notes: ['printed in a test'] }),
    },
  })
  return host
}

const configuration = {
  ...notebookPreset,
  preset: 'custom' as const,
  dataset: 'synthetic' as const,
  strategies: ['single' as const, 'ddp' as const],
  batchSizeSingle: 16,
  perGpuBatchSize: 8,
  devices: 'cpu:2',
  backend: 'wasm' as const,
}

/** Node is there, and is as good as any program for what is only planned. */
const offered: OfferedScript = {
  script: {
    ...{ command: [process.execPath, 'train.js'], folder: tmpdir(), worlds: [1, 2], launcher: 'tandem' },
    ...{ isInScratch: true, steps: 40, warmUpSteps: 5, startSeconds: 600 },
    ...{ perDeviceBatch: null, globalBatch: null },
  },
  ...{ repeats: 1, seed: 0, deviceKind: 'cpu', python: process.execPath },
}

/** What a page would send for the offered script with these changes. */
function scriptRun(changes: Record<string, unknown>) {
  const { script, repeats, seed, deviceKind } = offered
  return configurationOf({ ...script, ...changes }, { repeats, seed, deviceKind })
}

type Page = ReturnType<typeof memoryPage>

/** What a page makes of all that it was sent. */
function viewOf(page: Page): LiveRun | null {
  let run: LiveRun | null = null
  for (const message of page.received) {
    if (message.type === 'snapshot') {
      run = message.snapshot.run === null ? null : LiveRun.fromSnapshot(message.snapshot.run)
    }
    if (message.type !== 'batch') continue
    for (const event of message.events) {
      if (event.type !== 'live') continue
      run = LiveRun.begin(event.event) ?? run
      run?.apply(event.event)
    }
  }
  return run
}

function open(): Page {
  const page = memoryPage()
  host.connect(page.wire)
  page.hello()
  return page
}

async function finished(page: Page): Promise<LiveRun> {
  return await vi.waitFor(
    () => {
      const run = viewOf(page)
      if (run?.head.finishedAtMs == null) throw new Error('the run has not ended')
      return run
    },
    { timeout: 20_000, interval: 20 },
  )
}

describe('the host', () => {
  it('finds out what the machine and the engine are, and tells', async () => {
    openHost()
    const page = open()
    await host.explore()
    await vi.waitFor(() => expect(page.events().map(({ type }) => type)).toContain('machine'))

    const late = open()
    expect(late.snapshots()[0]).toMatchObject({
      app: { shell: 'web', version: '0.1.0' },
      engine: { status: 'missing', why: expect.stringMatching(/no Python/) },
      machine: { machine: { cpuModel: expect.any(String) }, devices: [{ kind: 'cpu' }, expect.anything()] },
    })
  })

  it('shows every page the same run, also one that comes in the middle or comes back', async () => {
    openHost({ stepDelayMs: 15, stepsPerEpoch: 20 })
    const first = open()
    const answer = await first.call('startRun', { configuration })
    expect(answer).toMatchObject({ type: 'answer', response: { runId: expect.any(String) } })
    await vi.waitFor(() => expect(viewOf(first)?.steps('single')?.group.length).toBeGreaterThan(5), 20_000)

    // One page reloads, another is opened.
    first.wire.close()
    const [reloaded, second] = [open(), open()]
    const runs = await Promise.all([finished(reloaded), finished(second)])

    expect(runs[0].toSnapshot()).toEqual(runs[1].toSnapshot())
    expect(runs[0].steps('single')?.group.length).toBe(40)
    expect(runs[0].steps('ddp')?.group.length).toBe(40)
    const { runId } = runs[0].head
    expect(await second.call('openRun', { runId })).toMatchObject({
      response: { summary: { status: 'complete' }, run: runs[0].toSnapshot() },
    })
  })

  it('plans without starting anything, and names the setting that is wrong', async () => {
    openHost()
    const page = open()

    const plan = await page.call('planRun', { configuration })
    expect(plan).toMatchObject({
      response: {
        measurements: [{ id: 'single' }, { id: 'single-all-cores', status: 'skipped' }, { id: 'ddp' }],
      },
    })
    const refused = await page.call('planRun', {
      configuration: { ...configuration, batchSizeSingle: 50_001 },
    })
    expect(refused).toMatchObject({
      type: 'refusal',
      error: { setting: { name: 'batchSizeSingle', problem: 'the data set has 50,000 training images' } },
    })
    expect(pids).toEqual([])
  })

  it('has a page measure the script that was named to it, with other numbers, and plans it', async () => {
    openHost({}, offered)
    const page = open()
    const plan = await page.call('planRun', { configuration: scriptRun({ steps: 7, worlds: [1] }) })
    expect(plan).toMatchObject({ response: { measurements: [{ id: 'single' }] } })
    expect(page.snapshots()[0]?.offeredScript).toEqual(offered)
    // What a script has no use for is not a page's to set.
    const odd = { ...scriptRun({ worlds: [1] }), sweep: [1, 64], devices: 'gpu:7', epochs: 9 }
    expect(await page.call('planRun', { configuration: odd })).toMatchObject({
      response: { measurements: [{ id: 'single' }] },
    })
  })

  it.each([
    ['another command', scriptRun({ command: ['sh', '-c', 'touch stolen'] })],
    ['one word more', scriptRun({ command: [...offered.script.command, '--evil'] })],
    ['another folder', scriptRun({ folder: '/' })],
    ['ranks that are started otherwise', scriptRun({ launcher: 'command' })],
    ['no copy of its folder', scriptRun({ isInScratch: false })],
  ])('refuses a page any other script: %s', async (_, wanted) => {
    openHost({}, offered)
    const page = open()
    for (const command of ['planRun', 'startRun']) {
      expect(await page.call(command, { configuration: wanted })).toMatchObject({
        type: 'refusal',
        error: { code: 'script-from-page' },
      })
    }
    expect(host.control.state.stage.kind).toBe('idle')
  })

  it.each([
    ['a Python', { configuration: scriptRun({}), python: '/tmp/python' }],
    ['an environment', { configuration: scriptRun({}), environment: { PATH: '/tmp' } }],
    ['an environment of the script', { configuration: scriptRun({ environment: { PATH: '/tmp' } }) }],
    ['a Python of the run', { configuration: { ...scriptRun({}), python: '/tmp/python' } }],
    ['more ranks than there may be', { configuration: scriptRun({ worlds: [65] }) }],
  ])('refuses what a page cannot choose: %s', async (_, request) => {
    openHost({}, offered)
    const page = open()
    expect(await page.call('startRun', request)).toMatchObject({
      type: 'refusal',
      error: { code: 'invalid-request' },
    })
  })

  it('refuses every script where none was named, and takes one that is named later', async () => {
    openHost()
    const page = open()
    const plan = () => page.call('planRun', { configuration: scriptRun({ worlds: [1] }) })
    expect(await plan()).toMatchObject({ type: 'refusal', error: { code: 'script-from-page' } })
    host.offerScript(offered)
    expect(await plan()).toMatchObject({ type: 'answer' })
    await vi.waitFor(() => expect(page.events()).toContainEqual({ type: 'script-offered', offered }))
  })

  it('lists, searches and deletes runs', async () => {
    openHost()
    const page = open()
    await page.call('startRun', { configuration: { ...configuration, strategies: ['single'] } })
    await finished(page)
    const list = async (search: string): Promise<RunList> => {
      const answer = await page.call('listRuns', { search, offset: 0, limit: 10 })
      return (answer as unknown as { response: RunList }).response
    }

    expect(await list('SYNTHETIC single')).toMatchObject({ total: 1 })
    expect(await list('cifar10')).toMatchObject({ runs: [], total: 0, baseline: null })
    const [run] = (await list('')).runs
    expect(await page.call('deleteRun', { runId: run?.runId })).toMatchObject({ type: 'answer' })
    expect(await list('')).toMatchObject({ runs: [], total: 0, baseline: null })
    expect(await page.call('openRun', { runId: '../../etc' })).toMatchObject({
      error: { code: 'run-missing' },
    })
  })

  it('hands a run on in every format, and what a report says of it', async () => {
    openHost()
    const page = open()
    await page.call('startRun', { configuration: { ...configuration, strategies: ['single'] } })
    const { head } = await finished(page)
    const { runId } = head
    const exported = async (format: ExportFormatId): Promise<ExportedFile & { text: string }> => {
      const answer = await page.call('exportRun', { runId, format, paper: 'letter' })
      const { response } = answer as unknown as { response: ExportedFile }
      return { ...response, text: Buffer.from(response.base64, 'base64').toString() }
    }

    expect(await page.call('readReport', { runId })).toMatchObject({
      response: { title: 'Custom: ResNet-18 on synthetic pictures', standing: { kind: 'complete' } },
    })
    expect(await exported('html')).toMatchObject({
      fileName: `tandem-${runId}.html`,
      mediaType: 'text/html;charset=utf-8',
      text: '<title>Custom: ResNet-18 on synthetic pictures, letter</title>',
      notes: [],
    })
    expect(await exported('pdf')).toMatchObject({
      fileName: `tandem-${runId}.pdf`,
      text: expect.stringMatching(/^%PDF <title>/),
      notes: ['printed in a test'],
    })
    expect(parseResults((await exported('results')).text, 'export').runId).toBe(runId)

    expect(await page.call('exportRun', { runId, format: 'doc', paper: 'a4' })).toMatchObject({
      error: { code: 'invalid-request' },
    })
    expect(await page.call('exportRun', { runId: '../..', format: 'html', paper: 'a4' })).toMatchObject({
      error: { code: 'run-missing' },
    })
  })

  it('keeps names, notes, the baseline and imports, compares, and tells every page of each change', async () => {
    openHost()
    const [page, other] = [open(), open()]
    const ask = async (command: string, request: object): Promise<unknown> => {
      const changes = other.events().filter(({ type }) => type === 'history-changed').length
      const answer = await page.call(command, request)
      if (answer.type === 'refusal') return answer.error
      if (!['compareRuns', 'describeRun'].includes(command)) {
        await vi.waitFor(() =>
          expect(other.events().filter(({ type }) => type === 'history-changed').length).toBeGreaterThan(
            changes,
          ),
        )
      }
      return answer.type === 'answer' ? answer.response : answer
    }
    const [runId, otherId] = ['20260131-142530-9f3a1c', '20260131-142531-00aa00'] as const
    for (const id of [runId, otherId]) {
      const text = JSON.stringify(measuredResults({ runId: id, blocks: 3 }))
      expect(await ask('importRun', { fileName: 'results.json', text })).toEqual({ runId: id })
    }
    expect(await ask('labelRun', { runId, name: ' before ', notes: 'quiet' })).toEqual({
      name: 'before',
      notes: 'quiet',
    })
    expect(await ask('labelRun', { runId, notes: '' })).toEqual({ name: 'before', notes: '' })
    await ask('pinBaseline', { runId })
    expect(await ask('describeRun', { runId: otherId })).toMatchObject({
      entry: { runId: otherId, isBaseline: false, imported: { fileName: 'results.json' } },
      baseline: { runId, label: { name: 'before' } },
    })
    expect(await ask('compareRuns', { runIds: [runId, otherId] })).toMatchObject({
      runs: [{ runId, name: 'before' }, { runId: otherId }],
      differences: [],
      strategies: [{ id: 'single', changes: [{ kind: 'compared', estimate: { ratio: 1 } }] }, {}, {}, {}],
    })
    await ask('deleteRun', { runId })
    expect(await ask('compareRuns', { runIds: [runId, otherId] })).toMatchObject({ code: 'run-missing' })
    await ask('restoreRun', { runId })
    await ask('pinBaseline', { runId: null })
    expect(await ask('describeRun', { runId })).toMatchObject({ baseline: null })

    expect(await ask('importRun', { fileName: 'results.json', text: '{' })).toMatchObject({
      code: 'results-invalid',
      message: expect.stringContaining('results.json'),
    })
    expect(await ask('compareRuns', { runIds: [runId] })).toMatchObject({ code: 'invalid-request' })
  })

  it('tells pages how telemetry is at any time, and of the machine while there is a run', async () => {
    openHost({ stepDelayMs: 200 })
    const page = open()
    const running = { type: 'telemetry-state', state: expect.objectContaining({ state: 'running' }) }
    await vi.waitFor(() => expect(page.events()).toContainEqual(running), { timeout: 10_000 })
    expect(viewOf(page)).toBeNull()
    await page.call('startRun', { configuration: { ...configuration, strategies: ['single'] } })
    const run = await finished(page)

    expect(run.devices.devices).toContain('Core 0')
    expect(run.devices.devices).toContain('Single')
    expect(open().snapshots()[0]?.telemetry).toMatchObject({ state: 'running', gpuSources: ['nvml'] })
  })

  it('starts nothing any more once it is closed, however late its search for an engine ends', async () => {
    openHost()
    const explored = host.explore()

    await host.close()
    await explored
    await host.startBy('first')
    const asked = host.handle('startRun', { configuration })

    await expect(asked).rejects.toMatchObject({ code: 'host-closed' })
    expect(host.control.state.stage).toEqual({ kind: 'idle' })
    expect(pids).toEqual([])
  })

  it('stops the run when it closes', async () => {
    openHost({ stepDelayMs: 50, stepsPerEpoch: 1000 })
    const page = open()
    await page.call('startRun', { configuration })
    await vi.waitFor(() => expect(running(pids)).not.toEqual([]))

    await host.close()

    expect(running(pids)).toEqual([])
    expect(page.isOpen()).toBe(false)
  })
})
