import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BuiltEntry } from '../../src/child/test-support/build-entry.js'
import { hostFaults } from './fault-table.js'
import { buildTandem, type Command, Scene, type StartOptions } from './scene.js'

let tandem: BuiltEntry
let scene: Scene
beforeAll(async () => {
  tandem = await buildTandem()
})
afterAll(() => tandem.dispose())
beforeEach(() => {
  scene = new Scene(tandem)
})
afterEach(() => scene.dispose())

/** Longer than any test waits. */
const slow: StartOptions = { trainers: { stepDelayMs: 100, stepsPerEpoch: 1_000 } }
const long = ['--max-steps-per-epoch', '1000']

const kill = (command: Command, signal: NodeJS.Signals = 'SIGKILL') => void command.child.kill(signal)
const trainers = () => scene.processes().filter(({ name }) => /trainer/.test(name))
const samplers = () => scene.processes().filter(({ name }) => /sampler/.test(name))

describe.runIf(process.platform === 'linux')('Tandem that is ended', { timeout: 180_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s stops in order', async (signal) => {
    const { says, exitCode, history } = hostFaults.interrupted
    const command = scene.run([], slow)
    await hasBegun(command)
    kill(command, signal)

    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(scene.results().measurements[0]?.ranks[0]?.steps.length).toBeGreaterThan(0)
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })

  it('while a trainer ignores it kills that one', async () => {
    const { says, exitCode, history } = hostFaults.stubborn
    const command = scene.run([], { trainers: { fault: 'ignore-stop' } })
    await hasBegun(command)
    kill(command, 'SIGINT')

    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })

  it.each(['single', 'dp', 'ddp'])(
    'by SIGKILL while it measures %s takes everything with it',
    async (strategy) => {
      const { history } = hostFaults.killed
      const command = scene.run(['--strategies', strategy, ...long], { trainers: null })
      await hasBegun(command)
      expect(trainers()).toHaveLength(strategy === 'ddp' ? 2 : 1)
      expect(samplers()).toHaveLength(1)
      kill(command)

      expect(await command.ended()).toBeNull()
      await vi.waitFor(() => expect(scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
      expect(await scene.list()).toMatchObject([{ status: history }])
      await startAgain()
      await scene.expectNothingLeft()
    },
  )

  it('by SIGKILL takes a frozen rank with it', async () => {
    const { history } = hostFaults['killed-frozen']
    const command = scene.run(['--strategies', 'ddp', ...long], { trainers: null })
    await hasBegun(command)
    for (const { pid } of [...trainers().slice(1), ...samplers()]) process.kill(pid, 'SIGSTOP')
    kill(command)

    await vi.waitFor(() => expect(scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
    expect(await scene.list()).toMatchObject([{ status: history }])
  })

  it('by SIGKILL while it starts leaves nothing that the next start does not finish', async () => {
    let begun = 0
    for (let moment = 0; moment < 12; moment++) {
      const command = scene.run(['--strategies', 'ddp'], slow)
      await delay(150 + 100 * moment)
      kill(command)
      await command.ended()
      await vi.waitFor(() => expect(scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
      const runs = await scene.list()
      expect(runs.length).toBeGreaterThanOrEqual(begun)
      begun = runs.length
      for (const { status } of runs) expect(status).toBe('interrupted')
    }
    await startAgain()
    await scene.expectNothingLeft()
  })

  it.each(['SIGKILL', 'SIGSTOP'] as const)('goes on where %s meets its sampler', async (signal) => {
    const { says, exitCode, history } = hostFaults['sampler-killed']
    const command = scene.run(['--strategies', 'single'], { trainers: { stepDelayMs: 1_000 } })
    await hasBegun(command)
    for (const { pid } of samplers()) process.kill(pid, signal)

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await scene.list()).toMatchObject([{ status: history }])
    await scene.expectNothingLeft()
  })
})

/** What finishes what was left: any run does. */
async function startAgain(): Promise<void> {
  const command = scene.run(['--strategies', 'single'])
  expect(await command.ended(), command.output()).toBe(0)
}

/** It has made some steps. */
async function hasBegun(command: Command): Promise<void> {
  await command.printed(/Warm-up/)
  await delay(500)
}
