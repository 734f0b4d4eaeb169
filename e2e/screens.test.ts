import { mkdtempSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Results } from '../src/shared/results/results.js'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { openAdvanced } from './dashboard-page.js'
import { startTandem } from './tandem-process.js'

/*
 * Every screen with a run on it and without, in both themes: looked at by axe and kept as a picture. The run is
 * made by the terminal, in the history that the dashboard reads.
 */

const shortRun = [
  ...[
    'run',
    '--dataset',
    'sample',
    '--devices',
    'cpu:2',
    '--num-workers',
    '0',
    '--evaluate',
    '--lr',
    '0.005',
  ],
  ...['--batch-size-single', '16', '--per-gpu-batch-size', '8', '--max-steps-per-epoch', '9'],
]

interface Screen {
  name: string
  hash: string
  /** Something that is there once the screen is. */
  shows: RegExp
}

const emptyScreens: Screen[] = [
  { name: 'live-empty', hash: '#/live', shows: /Watch a benchmark here/ },
  { name: 'results-empty', hash: '#/results', shows: /results of a benchmark appear here/ },
  { name: 'script-empty', hash: '#/script', shows: /measure --dashboard/ },
  { name: 'history-empty', hash: '#/history', shows: /Run the first one/ },
]

const screens: Screen[] = [
  { name: 'benchmark', hash: '#/', shows: /Single runs on 1 of 2 CPU devices|no GPUs|GPU/ },
  { name: 'history', hash: '#/history', shows: /1 run/ },
]

const runScreens: Screen[] = [
  { name: 'live', hash: '#/live', shows: /Time per step/ },
  { name: 'results', hash: '#/results', shows: /All figures/ },
  { name: 'present', hash: '#/present', shows: /Recorded on/ },
]

describeInBrowser('every screen', () => {
  let browser: Browser
  let host: DashboardHost
  let watched: WatchedPage
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    host = await startDashboard(['--no-run'], mkdtempSync(join(tmpdir(), 'tandem-screens-')))
    watched = await openPage(browser, await host.freshUrl())
    page = watched.page
  })
  afterAll(async () => {
    await browser.close()
    await host.remove()
  })

  async function look({ name, hash, shows }: Screen): Promise<void> {
    await page.goto(new URL(`/${hash}`, page.url()).href)
    await page.getByText(shows).first().waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(300)
      await takePicture(page, `${name}-${colorScheme}`)
      expect(await seriousViolations(page), `${name}, ${colorScheme}`).toEqual([])
    }
  }

  /** The figures of a short run are unreliable: too few steps for a steady pace. They are grey, with a button. */
  async function lookAtValidity(runId: string | undefined): Promise<void> {
    await page.goto(new URL(`/#/results/${runId}`, page.url()).href)
    const validity = page.getByRole('group', { name: 'Validity' })
    // What is wrong is in sight at once.
    await validity.getByText(/^Unreliable, measure again$/).waitFor()
    await page.getByRole('button', { name: /^Measure again, 5 repeats, about \d/ }).waitFor()
    await validity.getByText(/too few for a steady pace/).waitFor()
    await look({ name: 'results-validity', hash: `#/results/${runId}`, shows: /too few for a steady pace/ })

    await page.goto(new URL(`/#/live/${runId}`, page.url()).href)
    await page.getByRole('button', { name: /^\d+ warnings?$/ }).click()
    await look({ name: 'live-warnings', hash: `#/live/${runId}`, shows: /too few for a steady pace/ })

    await page.goto(new URL('/#/history', page.url()).href)
    await page.getByRole('img', { name: 'Figures: unreliable, measure again' }).waitFor()
  }

  it('says what it will show while there is nothing, and holds the next action', async () => {
    for (const screen of emptyScreens) await look(screen)
  })

  it('is accessible and breaks no policy, in both themes', async () => {
    const tandem = startTandem([...shortRun, '--output-file', join(host.dataFolder, 'results.json')], {
      TANDEM_DATA_DIR: host.dataFolder,
    })
    expect(await tandem.ended(), tandem.output()).toBe(0)
    for (const screen of screens) await look(screen)

    await page.getByRole('row').nth(1).getByRole('link').first().click()
    await page.getByText('All figures').waitFor()
    const runId = page.url().split('/').at(-1)
    for (const screen of runScreens) await look({ ...screen, hash: `${screen.hash}/${runId}` })
    await lookAtValidity(runId)
    expect(watched.problems).toEqual([])
  })

  it('is accessible with a run over several machines, folded and unfolded', async () => {
    const run = JSON.parse(await readFile(join(host.dataFolder, 'results.json'), 'utf8'))
    const results: Results = asIfOnTwoMachines(run)
    const file = join(host.dataFolder, 'two-machines.json')
    await writeFile(file, JSON.stringify(results))
    const imported = startTandem(['history', 'import', file], { TANDEM_DATA_DIR: host.dataFolder })
    expect(await imported.ended(), imported.output()).toBe(0)

    const hash = `#/live/${results.runId}`
    await look({ name: 'live-machines-folded', hash, shows: /Node 1 differs in GPU driver/ })
    await page.getByRole('button', { name: '2 machines' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Unfold all' }).press('Enter')
    await look({ name: 'live-machines', hash, shows: /What differs between the machines/ })
    await page.getByRole('row', { name: /^CPU:1, rank 1/ }).waitFor()
    await look({
      name: 'results-machines',
      hash: `#/results/${results.runId}`,
      shows: /Is it the network/,
    })
    await look({
      name: 'export-machines',
      hash: `#/export/${results.runId}`,
      shows: /Leave out names of machines/,
    })
    expect(watched.problems).toEqual([])
  })

  it('is accessible with all settings in sight, and says what is wrong with a bad one', async () => {
    await page.goto(new URL('/#/', page.url()).href)
    await openAdvanced(page)
    await look({ name: 'benchmark-advanced', hash: '#/', shows: /Gradient bucket/ })
    await page.getByLabel('Data workers').fill('999')
    await look({ name: 'benchmark-bad-value', hash: '#/', shows: /Allowed: whole numbers from 0 to 256/ })
    await page.getByRole('button', { name: 'Reset' }).click()
    expect(await page.getByLabel('Data workers').inputValue()).toBe('1')
    // What comes next begins as a page does, with the focus nowhere.
    await page.reload()
  })

  it('is reached and left by keys alone', async () => {
    await page.goto(new URL('/#/', page.url()).href)
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor()
    await page.keyboard.press('h')
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await page.getByText(/^Recorded on /).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  })

  it('fits a small laptop: nothing is cut off at the sides, and Live needs no scrolling at 1280x720', async () => {
    for (const [width, height] of [
      [1024, 700],
      [1280, 720],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const { hash } of [...screens, ...runScreens]) {
        await page.goto(new URL(`/${hash}`, page.url()).href)
        await page.waitForTimeout(400)
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect(overflow, `${hash} at ${width}`).toBeLessThanOrEqual(0)
      }
    }
    await page.goto(new URL('/#/history', page.url()).href)
    await page
      .getByRole('link', { name: /AM|PM|\d/ })
      .first()
      .click()
    await page.getByRole('link', { name: 'Step by step' }).click()
    await page.getByText('Time per step').waitFor()
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBeLessThanOrEqual(0)
  })
})

/** The run as two machines of one device each would have made it, the second of which differs: then there is no DP. */
function asIfOnTwoMachines(run: Results): Results {
  return {
    ...run,
    runId: '20260131-142530-2ac4e5',
    otherMachines: [{ ...run.machine, hostName: 'borealis', gpuDriverVersion: '550.54.14' }],
    measurements: run.measurements
      .filter(({ strategy }) => strategy !== 'dp')
      .map((measurement) => ({
        ...measurement,
        devices: measurement.devices.map((device, machine) => ({ ...device, machine })),
      })),
  }
}
