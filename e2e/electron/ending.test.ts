import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../tandem-process.js'
import { describeInElectron } from './describe.js'
import { type DesktopApp, hasEnded } from './desktop-app.js'
import { longRun, stageOf, startRun } from './host-calls.js'

/* How the app ends, and how it is started once more. */

const run = { ...longRun, backend: 'wasm' as const }

describeInElectron('the end', (lane) => {
  let desktop: DesktopApp
  let folder: string
  beforeEach(async () => {
    folder = await lane().newFolder()
    desktop = await lane().launch({ folder })
  })
  afterEach(() => desktop?.close())

  function statusOf(runId: string): string {
    return JSON.parse(readFileSync(join(folder, 'data', 'runs', runId, 'run.json'), 'utf8')).summary.status
  }

  const closeWindow = (): Promise<void> =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

  it('asks before a run is lost, goes on where it is to go on, and ends it first where it is not', async () => {
    const { page } = desktop
    const runId = await startRun(page, run)
    await closeWindow()
    await eventually('it asks', 5_000, async () => (await desktop.questions()).length === 1)
    expect(await desktop.questions()).toEqual(['A benchmark is running.'])
    await desktop.answerQuestions(1)
    expect((await stageOf(page)).kind).toBe('measuring')

    await desktop.answerQuestions(null)
    await desktop.app.evaluate(({ app }) => app.quit())
    await eventually('it asks again', 5_000, async () => (await desktop.questions()).length === 2)
    expect((await stageOf(page)).kind).toBe('measuring')
    await desktop.answerQuestions(0).catch(() => {})
    await eventually('it has ended', 20_000, () => hasEnded(desktop.main))

    expect(desktop.main.exitCode).toBe(0)
    expect(statusOf(runId)).toBe('cancelled')
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends in order at %s in the middle of a run, asking nobody',
    async (signal) => {
      const runId = await startRun(desktop.page, run)
      process.kill(desktop.pid, signal)
      await eventually('it has ended', 20_000, () => hasEnded(desktop.main))

      expect(desktop.main.exitCode).toBe(0)
      expect(statusOf(runId)).toBe('cancelled')
    },
  )

  it('quits without a question where nothing runs', async () => {
    await closeWindow()
    await eventually('it has ended', 10_000, () => hasEnded(desktop.main))

    expect(desktop.main.exitCode).toBe(0)
  })
})
