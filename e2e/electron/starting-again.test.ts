import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isActive } from '../../src/shared/run/run-stage.js'
import { eventually } from '../eventually.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp } from './desktop-app.js'
import { stageOf } from './host-calls.js'

/* The app started again: while it runs, and later. */

const clone = fileURLToPath(new URL('../..', import.meta.url))

describeInElectron('starting again', (lane) => {
  let folder: string
  let open: DesktopApp[]
  beforeEach(async () => {
    folder = await lane().newFolder()
    open = []
  })
  afterEach(async () => {
    for (const desktop of open) await desktop.close()
  })

  async function launch(args = ['--no-run']): Promise<DesktopApp> {
    const desktop = await lane().launch({ folder, args })
    open.push(desktop)
    return desktop
  }

  /** A start beside one that runs: it hands over what it was started for, and ends. */
  async function startBeside(args: string[]): Promise<number | null> {
    const { program, args: all, environment } = lane().command({ folder, args })
    const second = spawn(program, all, { cwd: folder, env: environment, stdio: 'ignore' })
    const [code] = await once(second, 'exit')
    return code as number | null
  }

  const bounds = (desktop: DesktopApp) =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())

  it('hands what it was started for to the app that runs, which does it', async () => {
    const { page } = await launch()

    expect(await startBeside(['--run=quick'])).toBe(0)
    await eventually('quick has begun', 20_000, async () => isActive(await stageOf(page)))
  })

  it('opens documents and links, where it starts with them and where it runs already', async () => {
    const example = 'resources/recorded-runs'
    const [exampleId = ''] = readdirSync(join(clone, example))
    const desktop = await launch([`tandem://run/${exampleId}`])
    const { page } = desktop
    await page.waitForURL(new RegExp(`#/results/${exampleId}$`))

    const results = JSON.parse(readFileSync(join(clone, 'docs/example-report/results.json'), 'utf8'))
    const runId = '20260131-142530-9f3a1c'
    writeFileSync(join(folder, 'from elsewhere.json'), JSON.stringify({ ...results, runId }))
    expect(await startBeside(['from elsewhere.json'])).toBe(0)
    await page.waitForURL(new RegExp(`#/results/${runId}$`))
    await page.evaluate(`location.hash = '/history'`)
    await page.getByText('1 run').first().waitFor()
    // Once more, by its address, from a file manager: it is there already.
    await startBeside([pathToFileURL(join(folder, 'from elsewhere.json')).href])
    await page.waitForURL(new RegExp(`#/results/${runId}$`))

    await desktop.answerQuestions(0)
    writeFileSync(join(folder, 'broken.tandem'), 'no results')
    await startBeside(['broken.tandem'])
    await eventually('it says so', 20_000, async () => (await desktop.questions()).length === 1)
    expect(await desktop.questions()).toEqual(['broken.tandem was not opened.'])
    expect((await stageOf(page)).kind).toBe('idle')
  })

  it('opens its window where it was, and on a screen that is there', async () => {
    const first = await launch()
    const wanted = { x: 120, y: 90, width: 900, height: 640 }
    await first.app.evaluate(
      ({ BrowserWindow }, rectangle) => BrowserWindow.getAllWindows()[0]?.setBounds(rectangle),
      wanted,
    )
    await first.close()
    const second = await launch()
    expect(await bounds(second)).toEqual(wanted)
    await second.close()

    // A second monitor, right of the first, which is gone.
    const state = join(folder, 'profile', 'window-state.json')
    writeFileSync(state, JSON.stringify({ bounds: { ...wanted, x: 4000 }, maximized: false }))
    const third = await launch()
    const placed = (await bounds(third)) as typeof wanted
    expect(placed.x).toBeGreaterThanOrEqual(0)
    expect(placed.x + placed.width).toBeLessThanOrEqual(1600)
  })
})
