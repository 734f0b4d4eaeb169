import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { configurationOf } from '../../src/shared/script/script-configuration.js'
import { seriousViolations } from '../accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from '../browser.js'
import { type DashboardHost, startDashboard } from '../dashboard-host.js'
import { ended, goTo } from '../dashboard-page.js'
import { ask, logIn, openPage as openWire } from '../gate/browser-session.js'
import { expectNothingLeft } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

const scripts = fileURLToPath(new URL('./scripts', import.meta.url))

/*
 * A script in the dashboard: named in the terminal, its numbers chosen on the page, watched, and measured again from
 * its results.
 */

describeWithPyTorch('a script that was named in a terminal', () => {
  describeInBrowser('in the dashboard', () => {
    let browser: Browser
    let host: DashboardHost
    let opened: WatchedPage
    let dataFolder: string

    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser.close())
    beforeEach(async () => {
      dataFolder = mkdtempSync(join(tmpdir(), 'tandem-script-dashboard-'))
      host = await startDashboard(
        [
          ...['--devices', '1', '--repeats', '1', '--steps', '60', '--warm-up', '3', '--device-kind', 'cpu'],
          ...['--scratch', '--folder', scripts, '--', testPython, 'plain.py'],
        ],
        dataFolder,
        { PYTHONDONTWRITEBYTECODE: '1' },
        ['measure', '--dashboard'],
      )
    })
    afterEach(async () => {
      await host.remove()
      for (const context of browser.contexts()) await context.close()
      await expectNothingLeft(dataFolder)
    })

    async function enter(): Promise<Page> {
      opened = await openPage(browser, await host.freshUrl())
      await opened.page.getByRole('heading', { name: 'Your script' }).waitFor()
      return opened.page
    }

    /** What the results say of the run that is shown. */
    async function seeResults(page: Page): Promise<void> {
      await ended(page)
      await page.getByRole('link', { name: 'See the results' }).click()
      await page.getByText('samples/s').first().waitFor()
    }

    it('is measured by clicks, seen live, in its results and in the history, and measured again', async () => {
      const page = await enter()
      const facts = page.getByLabel('Named where Tandem was started')
      expect(await facts.textContent()).toContain('plain.py')
      expect(await facts.getByRole('textbox').count()).toBe(0)
      expect(await page.getByRole('switch', { name: /temporary copy/ }).isDisabled()).toBe(true)
      await page.getByLabel('Ranks, each number by itself').fill('x')
      await page.getByText('Allowed: numbers of ranks').waitFor()
      expect(await page.getByRole('button', { name: 'Measure the script' }).isDisabled()).toBe(true)
      await page.getByLabel('Ranks, each number by itself').fill('1')
      await page.getByLabel('Steps to measure').fill('30')
      await page.getByRole('table', { name: 'What will be measured' }).getByText('Single').waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await takePicture(page, 'script-form')
      await page.getByRole('button', { name: 'Measure the script' }).click()

      await page.getByRole('list', { name: 'Strategies' }).getByText('Samples/s').waitFor()
      expect(page.url()).toMatch(/#\/live/)
      await page.getByText('Time per step').first().waitFor()
      await seeResults(page)

      await page.getByRole('button', { name: /^Measure again/ }).click()
      await page.waitForURL(/#\/live/)
      await page.getByRole('button', { name: 'Stop' }).click()
      await page
        .getByRole('dialog', { name: 'Stop the benchmark?' })
        .getByRole('button', { name: 'Stop' })
        .click()
      await goTo(page, 'History')
      await page.getByText('2 runs').waitFor()
      expect(opened.problems).toEqual([])
    })

    it('is the only one that a page can start, whatever it sends', async () => {
      const script = {
        ...{ command: [testPython, 'plain.py'], folder: scripts, worlds: [1], launcher: 'tandem' as const },
        ...{ isInScratch: true, steps: 12, warmUpSteps: 3, startSeconds: 600 },
        ...{ perDeviceBatch: null, globalBatch: null },
      }
      const of = (changes: Record<string, unknown>) =>
        configurationOf({ ...script, ...changes }, { repeats: 1, seed: 0, deviceKind: 'cpu' })
      const url = await host.freshUrl()
      const wire = await openWire(Number(new URL(url).port), await logIn(url))
      const answers = await Promise.all(
        [
          { configuration: of({ command: ['sh', '-c', 'touch stolen'] }) },
          { configuration: of({ command: [testPython, 'broken.py', 'litters'] }) },
          { configuration: of({ folder: tmpdir() }) },
          { configuration: of({ isInScratch: false }) },
          { configuration: of({ environment: { PYTHONSTARTUP: '/tmp/x.py' } }) },
          { configuration: of({}), python: '/bin/sh' },
          { configuration: of({}), environment: { PATH: '/tmp' } },
        ].map((request, id) => ask(wire, id + 1, 'startRun', request)),
      )
      const codes = answers.map((answer) => (answer.type === 'refusal' ? answer.error.code : answer.type))
      expect(codes).toEqual([...Array(4).fill('script-from-page'), ...Array(3).fill('invalid-request')])
      expect(await ask(wire, 100, 'planRun', { configuration: of({}) })).toMatchObject({ type: 'answer' })
      wire.socket.terminate()
    })
  })
})
