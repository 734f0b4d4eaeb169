import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { locateEngine } from '../../src/core/engine/locate.js'
import { launcherNodeVariable } from '../../src/shared/desktop/desktop-launch.js'
import type { Results } from '../../src/shared/results/results.js'
import { takePicture } from '../browser.js'
import { eventually } from '../eventually.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp } from './desktop-app.js'
import { callHost, completeRun, endOfRun, longRun, smallRun, stageOf, startRun } from './host-calls.js'
import { groupMembers } from './process-group.js'

/* Runs, as utility processes of Electron's, and what is handed on of them. One app for all of it. */

const noTensorflow = (await locateEngine()) === null

describeInElectron('training', (lane) => {
  let desktop: DesktopApp
  let folder: string
  beforeAll(async () => {
    folder = await lane().newFolder()
    desktop = await lane().launch({ folder })
  })
  afterAll(async () => {
    await desktop?.close()
    expect(desktop?.problems).toEqual([])
  })

  /** Of its trainers and its sampler, by what Electron calls them. */
  const children = (): Promise<string[]> =>
    desktop.app.evaluate(({ app }) =>
      app.getAppMetrics().flatMap(({ name }) => (name?.startsWith('Tandem') ? [name] : [])),
    )

  it.skipIf(noTensorflow)('trains in the Node that started it, where one did', async () => {
    const started = await lane().launch({
      folder: await lane().newFolder(),
      environment: { [launcherNodeVariable]: process.execPath },
    })
    try {
      const results = await completeRun(started.page, { ...smallRun, maxStepsPerEpoch: 3 })
      expect(outcomes(results)).toEqual(expect.arrayContaining(completed('tensorflow')))
      expect(results.notes.filter((note) => note.startsWith('Trainers:'))).toEqual([])
    } finally {
      await started.close()
    }
  })

  it.skipIf(noTensorflow)('trains with TensorFlow in one process and in several, to the end', async () => {
    const { page } = desktop
    const runId = await startRun(page, { ...smallRun, maxStepsPerEpoch: 3 })
    await page.evaluate(`location.hash = '/live'`)
    await eventually('a trainer is a utility process', 30_000, async () =>
      (await children()).some((name) => /^Tandem (Single|DP|DDP rank)/.test(name)),
    )
    await endOfRun(page)
    await takePicture(page, 'electron-live')

    const results = await callHost(page, 'readResults', { runId })
    expect(results.status).toBe('complete')
    expect(results.notes).toContainEqual(expect.stringContaining('Trainers: within Electron'))
    expect(outcomes(results)).toEqual(expect.arrayContaining(completed('tensorflow')))
  })

  it('trains with WebAssembly to the end', async () => {
    const results = await completeRun(desktop.page, { ...smallRun, backend: 'wasm', maxStepsPerEpoch: 2 })

    expect(results.status).toBe('complete')
    expect(outcomes(results)).toEqual(expect.arrayContaining(completed('wasm')))
  })

  it.skipIf(noTensorflow)(
    'refuses a tensor of 2 GiB in words, where Chromium would end the trainer',
    async () => {
      const results = await completeRun(desktop.page, {
        ...smallRun,
        strategies: ['single'],
        dataset: 'synthetic',
        // Its first convolution keeps 32 x 32 places: 8,192 x 32 x 32 x 64 floats.
        stem: 'cifar',
        batchSizeSingle: 8192,
        maxStepsPerEpoch: 1,
      })

      expect(results.measurements[0]).toMatchObject({
        status: 'failed',
        error: { code: 'tensor-too-large', message: expect.stringContaining('less than 2 GiB') },
      })
    },
  )

  it('saves a run as PDF, HTML and ZIP by the page’s own buttons', async () => {
    const { page } = desktop
    const [example] = await callHost(page, 'listExamples', {})
    await page.evaluate(`location.hash = '/export/${example?.runId}'`)
    await page.getByRole('region', { name: 'Preview of the report' }).waitFor()

    const pdf = await save('PDF')
    const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), {
      mergePages: true,
    })
    expect(totalPages).toBeGreaterThan(1)
    expect(text).toContain('How much faster?')
    expect((await save('HTML')).toString()).toMatch(/^<!doctype html>[\s\S]*How much faster\?/)
    const files = Object.keys(unzipSync(new Uint8Array(await save('CSV'))))
    expect(files.some((name) => name.endsWith('steps.csv'))).toBe(true)
    // The report was printed in a window of its own, which is gone.
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  /** What the button saves, where the person who is asked for a place names one. */
  async function save(button: string): Promise<Buffer> {
    const { app, page } = desktop
    const path = join(folder, `saved-${button}`)
    const saved = app.evaluate(
      ({ session }, savePath) =>
        new Promise<string>((resolve) => {
          session.defaultSession.once('will-download', (_event, item) => {
            item.setSavePath(savePath)
            item.once('done', (_done, state) => resolve(state))
          })
        }),
      path,
    )
    await page.getByRole('button', { name: button, exact: true }).click()
    expect(await saved).toBe('completed')
    return await readFile(path)
  }

  it('stops at once, and leaves no trainer', async () => {
    const { page } = desktop
    await startRun(page, { ...longRun, backend: 'wasm' })
    await callHost(page, 'stopRun', {})

    await eventually('it has stopped', 20_000, async () => (await stageOf(page)).kind === 'cancelled')
    await eventually('no trainer is left', 20_000, async () =>
      (await children()).every((name) => name.includes('ampler')),
    )
  })

  it('does not grow over ten runs', async () => {
    const { page } = desktop
    const tiny = {
      ...smallRun,
      strategies: ['single' as const],
      backend: 'wasm' as const,
      maxStepsPerEpoch: 1,
    }
    const measured: { handles: number; processes: number }[] = []
    for (let runs = 0; runs < 10; runs++) {
      await completeRun(page, tiny)
      await eventually('its trainer has ended', 20_000, async () =>
        (await children()).every((name) => name.includes('ampler')),
      )
      measured.push({ handles: await openHandles(), processes: groupMembers(desktop.pid).length })
    }
    // The first ones may open what stays open, and one of the last may be counted at work.
    const [first, last] = [measured.slice(0, 4), measured.slice(-3)]
    for (const of of ['handles', 'processes'] as const) {
      const atFirst = Math.max(...first.map((counted) => counted[of]))
      expect(Math.min(...last.map((counted) => counted[of])), of).toBeLessThanOrEqual(atFirst)
    }
  })

  /**
   * Files, pipes and sockets that the main process holds. Looked at from outside: its own Node may be old. One of the null
   * device a child stays open in Electrons before 35 (electron/electron#47515).
   */
  async function openHandles(): Promise<number> {
    const pid = await desktop.app.evaluate(() => process.pid)
    const handles = await readdir(`/proc/${pid}/fd`)
    const opened = await Promise.all(
      handles.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
    )
    return opened.filter((path) => path !== '' && path !== '/dev/null').length
  }
})

function outcomes({ measurements }: Results) {
  return measurements.map(({ strategy, status, backend }) => ({ strategy, status, backend }))
}

function completed(backend: string) {
  return ['single', 'dp', 'ddp'].map((strategy) =>
    expect.objectContaining({ strategy, status: 'completed', backend }),
  )
}
