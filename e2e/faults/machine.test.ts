import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { uptime } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Results } from '../../src/shared/results/results.js'
import { buildMachine, Machine, noMachine } from './machine.js'
import { isTraining, type StartOptions, scenes, single } from './scene.js'
import { machineFaults } from './table/machine.js'

const stage = scenes()
const library = buildMachine()
afterAll(() => library?.dispose())
const whyNot = library === null ? ` (${noMachine})` : ''

const hourSeconds = 3_600
const slow = { stepDelayMs: 500 }

let machine: Machine
/** With trainers of its own, on the machine under test. */
const on = (trainers: StartOptions['trainers'] = {}): StartOptions => ({
  trainers,
  environment: machine.environment,
})

describe.skipIf(library === null)(`a clock${whyNot}`, { timeout: 180_000 }, () => {
  beforeEach(() => {
    machine = new Machine(library as NonNullable<typeof library>, stage.scene.folder)
  })

  it.each([hourSeconds, -hourSeconds])(
    'that is put by %d seconds in a run sets nothing apart',
    async (shift) => {
      const { says, exitCode, history } = machineFaults['clock-steps']
      const { scene } = stage
      const command = scene.run(['--strategies', 'single,ddp', '--max-steps-per-epoch', '2'], on(null))
      await command.printed(isTraining)
      machine.setClock(shift)
      await command.printed(/\[DDP\] Warm-up/)
      machine.setClock(0)

      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      const results = scene.results()
      for (const atMs of momentsOf(results)) {
        expect(atMs).toBeGreaterThanOrEqual(Date.parse(results.startedAt))
        expect(atMs).toBeLessThanOrEqual(Date.parse(results.finishedAt ?? '') + 1)
      }
      const steps = results.measurements.flatMap(({ ranks }) => ranks.flatMap((rank) => rank.steps))
      expect(Math.max(...steps.map(({ stepMs }) => stepMs))).toBeLessThan((hourSeconds * 1_000) / 2)
      expect(await scene.list()).toMatchObject([{ status: history }])
      await scene.expectNothingLeft()
    },
  )

  it('that was a day ahead in the run before does not make that one of the same time', async () => {
    const { says, exitCode, history } = machineFaults.leap
    const { scene } = stage
    for (const shift of [24 * hourSeconds, 0]) {
      machine.setClock(shift)
      const command = scene.run(single, on())
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      expect(command.output()).not.toContain('at the same time')
    }
    const runs = await scene.list()
    expect(runs.map(({ status }) => status)).toEqual([history, history])
    expect(runs.map(({ startedAt }) => startedAt)).toEqual(
      runs
        .map(({ startedAt }) => startedAt)
        .sort()
        .reverse(),
    )
    await scene.expectNothingLeft()
  })

  it('that shows an hour twice lists its runs in the order in which they were made', async () => {
    const { says, exitCode } = machineFaults['daylight-saving']
    const { scene } = stage
    // 02:30 in Berlin, in summer time, and an hour later 02:30 again.
    const moments = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map(Date.parse)
    const made: string[] = []
    for (const moment of moments) {
      machine.setClock((moment - Date.now()) / 1_000)
      const options = on()
      const environment = { ...options.environment, TZ: 'Europe/Berlin' }
      const command = scene.run(single, { ...options, environment })
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
      made.push(scene.results().runId)
    }
    expect((await scene.list()).map(({ runId }) => runId)).toEqual(made.reverse())
  })

  it('that went on while the machine slept makes the measurement count no more', async () => {
    const { says, exitCode, history } = machineFaults.suspended
    const { scene } = stage
    const command = scene.run(single, on(slow))
    // Clocks are read once it is warmed up, and when its last epoch is over.
    await command.printed(/Epoch 1\/2 - loss/)
    machine.sleep(hourSeconds, uptime())

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    const measurement = scene.results().measurements.find(({ id }) => id === 'single')
    expect(measurement?.putAside?.[0]?.reason).toMatch(/suspended/)
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })
})

/** When each step began, and when its rank arrived at the exchange. */
function momentsOf({ measurements }: Results): number[] {
  return measurements.flatMap(({ ranks }) =>
    ranks.flatMap(({ steps }) =>
      steps.flatMap(({ startedAtMs, arrivedAtMs }) => [startedAtMs, arrivedAtMs ?? startedAtMs]),
    ),
  )
}

/** A user whom nobody knows, for which root has to start the command. */
const asNobody = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups']
const root = fileURLToPath(new URL('../..', import.meta.url))
const canBeNobody =
  process.platform === 'linux' &&
  spawnSync('setpriv', [...asNobody.slice(1), process.execPath, '-e', 'require("fs").readdirSync(".")'], {
    cwd: root,
  }).status === 0
const whyKnown = canBeNobody ? '' : ' (skipped: it needs root, and a repository that other users may read)'

describe.skipIf(!canBeNobody)(`a user without a home${whyKnown}`, { timeout: 180_000 }, () => {
  it('is told what to set, and needs nothing else', async () => {
    const { says, exitCode, history } = machineFaults['no-home']
    const { scene } = stage
    for (const folder of ['.', 'out', 'tmp']) chmodSync(join(scene.folder, folder), 0o777)
    chmodSync(dirname(stage.tandem.path), 0o755)
    const options = { launcher: asNobody, environment: { HOME: undefined } }
    const noFolders = { ...options.environment, TANDEM_DATA_DIR: undefined, TANDEM_CACHE_DIR: undefined }

    const without = scene.run(single, { ...options, environment: noFolders })
    expect(await without.ended(), without.output()).toBe(exitCode)
    expect(without.output()).toMatch(
      new RegExp(`^tandem: ${says}: .* Set HOME, or both TANDEM_DATA_DIR and TANDEM_CACHE_DIR\\.\n$`),
    )
    const withBoth = scene.run(single, options)
    expect(await withBoth.ended(), withBoth.output()).toBe(0)
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })
})

describe.runIf(process.platform === 'linux')('too few open files', () => {
  it('are refused before anything begins', () => {
    const { says, exitCode } = machineFaults['few-files-at-start']
    const tandem = fileURLToPath(new URL('../../scripts/tandem.mjs', import.meta.url))
    const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, tandem, '--version']
    const { status, stderr } = spawnSync('sh', limited, { encoding: 'utf8' })
    expect(status).toBe(exitCode)
    expect(stderr).toBe(`tandem: ${says}. Raise the limit: ulimit -n 1024\n`)
  })
})
