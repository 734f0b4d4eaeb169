import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { launcherVariable } from '../../src/shared/desktop/desktop-launch.js'
import { eventually } from '../eventually.js'
import { describeInElectron } from './describe.js'
import { type DesktopApp, hasEnded } from './desktop-app.js'
import { longRun, stageOf, startRun } from './host-calls.js'
import { groupMembers, killGroup } from './process-group.js'

/* How the app ends, and how it is started once more. */

const run = { ...longRun, backend: 'wasm' as const }

/** Starts what it is given as `npm start` starts the app, says its number, and waits for ever. */
const launcherSource = `
  const [program, ...args] = process.argv.slice(1)
  const env = { ...process.env, ${launcherVariable}: String(process.pid) }
  const app = require('node:child_process').spawn(program, args, { env, detached: true, stdio: 'ignore' })
  console.log(app.pid)
  setInterval(() => {}, 1000)`

describeInElectron('the end', (lane) => {
  let desktop: DesktopApp
  let folder: string
  beforeEach(async () => {
    folder = await lane().newFolder()
  })

  async function launch(): Promise<void> {
    desktop = await lane().launch({ folder })
    onTestFinished(() => desktop.close())
  }

  function statusOf(runId: string): string {
    return JSON.parse(readFileSync(join(folder, 'data', 'runs', runId, 'run.json'), 'utf8')).summary.status
  }

  const recordedRuns = (): string[] => {
    const history = join(folder, 'data', 'runs')
    return existsSync(history) ? readdirSync(history).filter((name) => /^\d/.test(name)) : []
  }

  const closeWindow = (): Promise<void> =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

  it('asks before a run is lost, goes on where it is to go on, and ends it first where it is not', async () => {
    await launch()
    const { page } = desktop
    const runId = await startRun(page, run)
    await closeWindow()
    await eventually('it asks', 20_000, async () => (await desktop.questions()).length === 1)
    expect(await desktop.questions()).toEqual(['A benchmark is running.'])
    await desktop.answerQuestions(1)
    expect((await stageOf(page)).kind).toBe('measuring')

    await desktop.app.evaluate(({ app }) => app.quit())
    await eventually('it asks again', 20_000, async () => (await desktop.questions()).length === 2)
    expect((await stageOf(page)).kind).toBe('measuring')

    await desktop.answerQuestions(null)
    await closeWindow()
    await eventually('it asks once more', 20_000, async () => (await desktop.questions()).length === 3)
    expect((await stageOf(page)).kind).toBe('measuring')
    await desktop.letGo('agree to its question')
    await eventually('it has ended', 20_000, () => hasEnded(desktop.main))

    expect([desktop.main.exitCode, desktop.main.signalCode]).toEqual([0, null])
    expect(statusOf(runId)).toBe('cancelled')
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends in order at %s in the middle of a run, asking nobody',
    async (signal) => {
      await launch()
      const runId = await startRun(desktop.page, run)
      await desktop.letGo('nothing')
      process.kill(desktop.pid, signal)
      await eventually('it has ended', 20_000, () => hasEnded(desktop.main))

      expect([desktop.main.exitCode, desktop.main.signalCode]).toEqual([0, null])
      expect(statusOf(runId)).toBe('cancelled')
    },
  )

  it('ends with its run when whoever started it is killed', async () => {
    const { program, args, environment } = lane().command({ folder, args: ['--run=quick'] })
    const launcher = spawn(process.execPath, ['-e', launcherSource, program, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = await once(launcher.stdout, 'data')
    const app = Number(String(line))
    try {
      await eventually('it runs', 60_000, () => recordedRuns().length === 1)
      launcher.kill('SIGKILL')

      await eventually('everything has ended', 30_000, () => groupMembers(app).length === 0)
      expect(statusOf(recordedRuns()[0] ?? '')).toBe('cancelled')
    } finally {
      killGroup(app)
    }
  })

  it('quits without a question where nothing runs', async () => {
    await launch()
    await desktop.letGo('close its window')
    await eventually('it has ended', 20_000, () => hasEnded(desktop.main))

    expect([desktop.main.exitCode, desktop.main.signalCode]).toEqual([0, null])
  })
})
