import { readlinkSync, realpathSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launcherNodeVariable } from '../../src/shared/desktop/desktop-launch.js'
import { eventually } from '../eventually.js'
import { stillRunning } from '../tandem-process.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp } from './desktop-app.js'
import { callHost, endOfRun, hostState, longRun, stageOf, startRun } from './host-calls.js'
import { groupMembers } from './process-group.js'
import { descendantsOf } from './process-tree.js'

/*
 * What goes wrong in the middle of a run, really done: to the page, to a trainer, to the sampler, to Chromium, to the
 * app. One app for all of it, in this order.
 */

const nodePath = realpathSync(process.execPath)

const run = { ...longRun, backend: 'wasm' as const }

describeInElectron('faults', (lane) => {
  let desktop: DesktopApp
  beforeAll(async () => {
    desktop = await lane().launch({ folder: await lane().newFolder() })
  })
  afterAll(() => desktop?.close())

  const pidsOf = (pattern: RegExp): Promise<number[]> =>
    desktop.app.evaluate(({ app }, source) => {
      const wanted = new RegExp(source)
      return app.getAppMetrics().flatMap(({ name, type, pid }) => (wanted.test(name ?? type) ? [pid] : []))
    }, pattern.source)

  const ranks = (): Promise<number[]> => pidsOf(/^Tandem DDP rank/)

  /** In the page that there is now, whatever became of the one before. One that has crashed never answers. */
  const inPage = (script: string): Promise<unknown> =>
    desktop.app.evaluate(async ({ BrowserWindow }, source) => {
      const answer = BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(source)
      return await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 2_000, null))])
    }, script)

  const crashPage = (): Promise<void> =>
    desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    )

  const pageText = async (): Promise<string> => String(await inPage('document.body.innerText'))

  it('loses nothing of a run when its page is loaded again', async () => {
    const { page } = desktop
    const runId = await startRun(page, run)
    await page.reload()
    await page.getByRole('button', { name: 'Stop' }).first().waitFor()

    expect(await stageOf(page)).toMatchObject({ kind: 'measuring', runId })
  })

  it('starts a sampler that was killed again, and goes on with the run', async () => {
    const { page } = desktop
    await eventually('it samples', 20_000, async () => (await pidsOf(/ampler/)).length === 1)
    const [sampler] = await pidsOf(/ampler/)
    process.kill(sampler as number, 'SIGKILL')

    await eventually('there is another', 20_000, async () => {
      const [another] = await pidsOf(/ampler/)
      return another !== undefined && another !== sampler
    })
    await eventually(
      'it samples again',
      20_000,
      async () => (await hostState(page)).telemetry.state === 'running',
    )
    expect((await stageOf(page)).kind).toBe('measuring')
  })

  it('goes on when Chromium’s GPU process is killed', async () => {
    const { page } = desktop
    const [gpuProcess] = await pidsOf(/^GPU$/)
    process.kill(gpuProcess as number, 'SIGKILL')
    await eventually('it has ended', 20_000, () => stillRunning([gpuProcess as number]).length === 0)

    await page.getByRole('button', { name: 'Stop' }).first().waitFor()
    expect((await page.screenshot()).length).toBeGreaterThan(1_000)
    expect((await stageOf(page)).kind).toBe('measuring')
  })

  it('says that a trainer was killed, and ends the others of its group', async () => {
    const { page } = desktop
    const { runId } = (await stageOf(page)) as { runId: string }
    await eventually('both ranks are there', 30_000, async () => (await ranks()).length === 2)
    const trainers = await ranks()
    process.kill(trainers[0] as number, 'SIGKILL')
    await endOfRun(page)

    const { measurements } = await callHost(page, 'readResults', { runId })
    expect(measurements[0]).toMatchObject({ status: 'failed', error: { message: /SIGKILL/ } })
    expect(stillRunning(trainers)).toEqual([])
  })

  it('loads a page that crashed again, at its screen, and asks once it keeps crashing', async () => {
    const { page } = desktop
    await startRun(page, run)
    await page.evaluate(`location.hash = '/live'`)
    for (let crash = 1; crash <= 3; crash++) {
      await crashPage()
      await eventually(`it is back after crash ${crash}`, 30_000, async () => /DDP/.test(await pageText()))
      expect(await inPage('location.hash')).toBe('#/live')
    }
    expect(await desktop.questions()).toEqual([])
    await crashPage()
    await eventually('it asks', 20_000, async () => (await desktop.questions()).length === 1)
    expect(await desktop.questions()).toEqual(['The dashboard’s page keeps crashing.'])
    expect(await ranks()).toHaveLength(2)

    await desktop.answerQuestions(0)
    await eventually('it is loaded again', 30_000, async () => /DDP/.test(await pageText()))
  })

  it('leaves nothing running when it is itself killed in the middle of a run', async () => {
    expect(groupMembers(desktop.pid).length).toBeGreaterThan(5)
    process.kill(desktop.pid, 'SIGKILL')

    await eventually('everything has ended', 20_000, () => groupMembers(desktop.pid).length === 0)
  })

  it('leaves no trainer in the Node that started it either', async () => {
    const started = await lane().launch({
      folder: await lane().newFolder(),
      environment: { [launcherNodeVariable]: process.execPath },
    })
    await startRun(started.page, run)
    const inNode = (): number[] =>
      descendantsOf(started.pid).filter((pid) => readlinkSync(`/proc/${pid}/exe`) === nodePath)
    await eventually('the sampler and both ranks run', 60_000, () => inNode().length >= 3)
    const programs = inNode()
    process.kill(started.pid, 'SIGKILL')

    await eventually('everything has ended', 20_000, () => stillRunning(programs).length === 0)
    await started.close()
  })
})
