import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takePicture, watch } from './browser.js'
import { chooseSmallRun, finished, losses, run } from './dashboard-page.js'
import { describeOnDesktop, launchDesktop } from './desktop.js'
import { eventually, stillRunning } from './tandem-process.js'

/* The desktop app as its users have it: Electron itself, the built app, real trainers. */

describeOnDesktop('the dashboard on the desktop', () => {
  let folder: string
  let app: ElectronApplication
  let page: Page
  let problems: string[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-desktop-'))
    app = await launchDesktop(folder)
    page = await app.firstWindow()
    problems = watch(page)
  })
  afterEach(async () => {
    await app.close()
    await rm(folder, { recursive: true })
    expect(problems).toEqual([])
  })

  /** Of its trainers, by what it calls them. */
  const trainerPids = (): Promise<number[]> =>
    app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().flatMap(({ name, pid }) => (name?.startsWith('Tandem') ? [pid] : [])),
    )

  it('shows the page shut in', async () => {
    expect(page.url()).toMatch(/^app:\/\/tandem\/index\.html/)
    expect(await page.evaluate(() => Object.keys((globalThis as { tandem?: object }).tandem ?? {}))).toEqual([
      'versions',
      'onOpenScreen',
      'onOpenPalette',
    ])
    expect(await page.evaluate('typeof require')).toBe('undefined')
    await expect(page.evaluate('fetch("https://example.org/")')).rejects.toThrow()
    // The refusal is what was wanted.
    problems.splice(0)
  })

  it('trains at the press of a button, and the loss falls', async () => {
    await chooseSmallRun(page, { steps: 12 })
    await run(page)
    await finished(page, ['Single', 'DDP'])
    await takePicture(page, 'desktop-live')

    const all = await losses(page, 'Single')
    expect(all).toHaveLength(24)
    expect(mean(all.slice(-6))).toBeLessThan(mean(all.slice(0, 6)))
  })

  it('loses nothing of a run when its page is loaded again, and stops it at the press of a button', async () => {
    await chooseSmallRun(page, { steps: 1000 })
    await run(page)
    await page.reload()
    await page.getByText('Epoch 1 of 2').first().waitFor()
    const trainers = await trainerPids()
    await page.getByRole('button', { name: 'Stop' }).click()

    await page.getByRole('list', { name: 'Strategies' }).getByText('Stopped').first().waitFor()
    const sampler = await trainerPids()
    const gone = trainers.filter((pid) => !sampler.includes(pid))
    expect(gone.length).toBeGreaterThan(0)
    await eventually('the trainers end', 5_000, () => stillRunning(gone).length === 0)
  })

  it('goes where its menu leads', async () => {
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
      items.find(({ label }) => label === 'History')?.click()
    })

    await expect.poll(() => page.url()).toMatch(/#\/history$/)
  })
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
