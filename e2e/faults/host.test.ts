import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { buildMachine, Machine, noMachine } from './machine.js'
import { type Command, isTraining, type StartOptions, scenes, single, startAgain } from './scene.js'
import { hostFaults } from './table/host.js'

const stage = scenes()

/** Longer than any test waits. */
const slow: StartOptions = { trainers: { stepDelayMs: 100, stepsPerEpoch: 1_000 } }
/** Programs as they ship. */
const real: StartOptions = { trainers: null, sampler: 'real' }
const long = ['--max-steps-per-epoch', '1000']

const kill = (command: Command, signal: NodeJS.Signals = 'SIGKILL') => void command.child.kill(signal)
const trainers = () => stage.scene.processes().filter(({ name }) => /trainer/.test(name))
const samplers = () => stage.scene.processes().filter(({ name }) => /sampler/.test(name))

describe.runIf(process.platform === 'linux')('Tandem that is ended', { timeout: 180_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s stops in order', async (signal) => {
    const { says, exitCode, history } = hostFaults.interrupted
    const command = stage.scene.run([], slow)
    await hasBegun(command)
    kill(command, signal)

    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(stage.scene.results().measurements[0]?.ranks[0]?.steps.length).toBeGreaterThan(0)
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    await stage.scene.expectNothingLeft()
  })

  it('while a trainer ignores it kills that one', async () => {
    const { says, exitCode, history } = hostFaults.stubborn
    const command = stage.scene.run([], { trainers: { fault: 'ignore-stop' } })
    await hasBegun(command)
    kill(command, 'SIGINT')

    expect(await command.ended()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    await stage.scene.expectNothingLeft()
  })

  it.each(['single', 'dp', 'ddp'])(
    'by SIGKILL while it measures %s takes everything with it',
    async (strategy) => {
      const { history } = hostFaults.killed
      const command = stage.scene.run(['--strategies', strategy, ...long], real)
      await hasBegun(command)
      expect(trainers()).toHaveLength(strategy === 'ddp' ? 2 : 1)
      expect(samplers()).toHaveLength(1)
      kill(command)

      expect(await command.ended()).toBeNull()
      await vi.waitFor(() => expect(stage.scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
      expect(await stage.scene.list()).toMatchObject([{ status: history }])
      await startAgain(stage.scene)
      await stage.scene.expectNothingLeft()
    },
  )

  it('by SIGKILL takes a frozen rank with it', async () => {
    const { history } = hostFaults['killed-frozen']
    const command = stage.scene.run(['--strategies', 'ddp', ...long], real)
    await hasBegun(command)
    for (const { pid } of [...trainers().slice(1), ...samplers()]) process.kill(pid, 'SIGSTOP')
    kill(command)

    await vi.waitFor(() => expect(stage.scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
  })

  it('by SIGKILL while it starts leaves nothing that the next start does not finish', async () => {
    let begun = 0
    for (let moment = 0; moment < 12; moment++) {
      const command = stage.scene.run(['--strategies', 'ddp'], slow)
      await delay(150 + 100 * moment)
      kill(command)
      await command.ended()
      await vi.waitFor(() => expect(stage.scene.processes()).toEqual([]), { timeout: 30_000, interval: 20 })
      const runs = await stage.scene.list()
      expect(runs.length).toBeGreaterThanOrEqual(begun)
      begun = runs.length
      for (const { status } of runs) expect(status).toBe('interrupted')
    }
    await startAgain(stage.scene)
    await stage.scene.expectNothingLeft()
  })

  it.each(['SIGKILL', 'SIGSTOP'] as const)('goes on where %s meets its sampler', async (signal) => {
    const { says, exitCode, history } = hostFaults['sampler-killed']
    const command = stage.scene.run(['--strategies', 'single'], {
      trainers: { stepDelayMs: 1_000 },
      sampler: 'real',
    })
    await hasBegun(command)
    for (const { pid } of samplers()) process.kill(pid, signal)

    expect(await command.ended(), command.output()).toBe(exitCode)
    expect(command.output()).toContain(says)
    expect(await stage.scene.list()).toMatchObject([{ status: history }])
    await stage.scene.expectNothingLeft()
  })
})

const machineLibrary = buildMachine()
afterAll(() => machineLibrary?.dispose())
const whyNot = machineLibrary === null ? ` (${noMachine})` : ''

describe.skipIf(machineLibrary === null)(`Tandem that is killed${whyNot}`, { timeout: 180_000 }, () => {
  it('just before or after a file takes its place leaves the old one or the new one', async () => {
    const { exitCode, history } = hostFaults['killed-in-rename']
    const { scene } = stage
    const machine = new Machine(machineLibrary as NonNullable<typeof machineLibrary>, scene.folder)
    const moments = [
      [1, 'after'],
      [2, 'before'],
      [3, 'after'],
      [4, 'before'],
      [6, 'after'],
      [7, 'before'],
    ] as const
    for (const [count, when] of moments) {
      machine.killAtRename(count, when, scene.folder)
      const command = scene.run(single, { environment: machine.environment })
      expect(await command.ended(), command.output()).toBe(exitCode)
      const runs = await scene.list()
      for (const { runId, status } of runs) {
        expect(status, `${when} ${count}`).toBe(history)
        const results = join(scene.data, 'runs', runId, 'results.json')
        if (existsSync(results)) expect(() => JSON.parse(readFileSync(results, 'utf8'))).not.toThrow()
      }
    }
    expect(await scene.list()).toHaveLength(moments.length)
    await startAgain(scene)
    await scene.expectNothingLeft()
  })
})

describe.runIf(process.platform === 'linux')('Tandem that is not alone', { timeout: 180_000 }, () => {
  it('in its history keeps both runs, which say so', async () => {
    const { says, exitCode, history } = hostFaults['two-hosts']
    const { scene } = stage
    const until = join(scene.folder, 'second-has-ended')
    const first = scene.run(single, { trainers: { fault: 'held', until } })
    await first.printed(isTraining)
    const second = scene.run([...single, '--output-file', join(scene.folder, 'out', 'second.json')])
    await second.ended()
    writeFileSync(until, '')
    for (const command of [first, second]) {
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toContain(says)
    }
    expect((await scene.list()).map(({ status }) => status)).toEqual([history, history])
    await scene.expectNothingLeft()
  })

  it('at its port says so', async () => {
    const { says, exitCode } = hostFaults['port-taken']
    const { scene } = stage
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    try {
      const command = scene.start(['serve', '--no-open', '--no-run', '--port', String(port)])
      expect(await command.ended(), command.output()).toBe(exitCode)
      expect(command.output()).toBe(
        `tandem: --port ${port}: ${says}. Name another port, or leave --port out for any that is free.\n`,
      )
    } finally {
      other.close()
    }
    await scene.expectNothingLeft()
  })
})

/** It has made some steps. */
async function hasBegun(command: Command): Promise<void> {
  await command.printed(/Warm-up/)
  await delay(500)
}
