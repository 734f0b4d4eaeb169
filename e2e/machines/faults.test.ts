import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  mountTinyFileSystem,
  noTinyFileSystem,
  type TinyFileSystem,
} from '../../scripts/testing/tiny-file-system.js'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { describeWithTensorFlow, tensorflowLibraryDir } from '../../src/trainer/test-support/tensorflow.js'
import { eventually, stillRunning, type TandemProcess, trainersOf } from '../tandem-process.js'
import { describeWithTwoMachines, makeTwoMachines, type TwoMachines } from './two-machines.js'

const available = mountTinyFileSystem()
available?.dispose()
const whyNoDisk = available === null ? ` (${noTinyFileSystem})` : ''

let machines: TwoMachines
beforeEach(async () => {
  machines = await makeTwoMachines()
})
afterEach(() => machines.remove())

interface Training {
  host: TandemProcess
  agent: TandemProcess
  /** The trainers of both machines. */
  here: number[]
  there: number[]
}

function startAgent(environment: NodeJS.ProcessEnv = {}): TandemProcess {
  return machines.start(1, ['agent', '--tensorflow-dir', tensorflowLibraryDir], { core: 1, environment })
}

function measurementsOf(folder: string): Results['measurements'] {
  return resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).measurements
}

/** DDP over both machines, of more epochs than anybody waits for; resolves when some are over. */
async function startTraining(
  more: readonly string[] = [],
  ofAgent: NodeJS.ProcessEnv = {},
): Promise<Training> {
  const library = ['--tensorflow-dir', tensorflowLibraryDir]
  const agent = startAgent(ofAgent)
  const task = [
    '--dataset',
    'sample',
    '--stem',
    'cifar',
    '--batch-size-single',
    '2',
    '--per-gpu-batch-size',
    '2',
  ]
  const length = ['--epochs', '100000', '--max-steps-per-epoch', '1', '--autotune', 'off']
  const output = ['--output-file', `${machines.folder(0)}/results.json`]
  const host = machines.start(
    0,
    [
      'run',
      '--strategies',
      'ddp',
      '--backend',
      'tensorflow',
      ...library,
      ...task,
      ...length,
      ...output,
      ...more,
    ],
    { core: 0 },
  )
  await host.printed(/Epoch 2\/100000/)
  return { host, agent, here: trainersOf(host.pid), there: trainersOf(agent.pid) }
}

async function expectNoneLeft(trainers: readonly number[]): Promise<void> {
  await eventually('no trainer is left', 60_000, () => stillRunning(trainers).length === 0)
}

function epochOf(host: TandemProcess): number {
  const epochs = [...host.output().matchAll(/Epoch (\d+)\/100000/g)]
  return Number(epochs.at(-1)?.[1] ?? 0)
}

describeWithTwoMachines('faults of a run on two machines', () => {
  vi.setConfig({ testTimeout: 300_000 })

  describeWithTensorFlow('with TensorFlow', () => {
    it('the host is killed: the agent ends its trainers, and itself', async () => {
      const { host, agent, here, there } = await startTraining()
      expect([here.length, there.length]).toEqual([1, 1])
      process.kill(host.pid, 'SIGKILL')
      await expectNoneLeft([...here, ...there])
      expect(await agent.ended()).toBe(1)
      expect(agent.output()).toMatch(/node 0 at 10\.77\.0\.1:\d+ has ended without a word/)
    })

    it('the agent is killed: the measurement fails and names its machine', async () => {
      const { host, agent, here, there } = await startTraining()
      process.kill(agent.pid, 'SIGKILL')
      expect(await host.ended()).toBe(1)
      expect(host.output()).toMatch(/node 1 \(.+\) (is not|was not) heard of/)
      await expectNoneLeft([...here, ...there])
    })

    it('a trainer of the agent is killed: the measurement fails and names the rank', async () => {
      const { host, agent, here, there } = await startTraining()
      process.kill(there[0] as number, 'SIGKILL')
      expect(await host.ended()).toBe(1)
      expect(host.output()).toMatch(/DDP rank 1.*(SIGKILL|killed)/)
      expect(await agent.ended()).toBe(0)
      await expectNoneLeft([...here, ...there])
    })

    it('the agent is stopped: it counts as lost, and ends its trainers when it goes on', async () => {
      const { host, agent, here, there } = await startTraining()
      process.kill(agent.pid, 'SIGSTOP')
      expect(await host.ended()).toBe(1)
      expect(host.output()).toMatch(/node 1 \(.+\) was not heard of for 15 s/)
      process.kill(agent.pid, 'SIGCONT')
      await expectNoneLeft([...here, ...there])
      expect(await agent.ended()).toBe(1)
    })

    it('the cable is out for two seconds: the measurement goes on', async () => {
      const { host, agent } = await startTraining()
      machines.setLink('down')
      await delay(2_000)
      machines.setLink('up')
      const before = epochOf(host)
      await eventually('epochs go on', 120_000, () => epochOf(host) > before + 1)
      host.child.kill('SIGINT')
      expect(await host.ended()).toBe(130)
      expect(await agent.ended()).toBe(0)
      expect(host.output()).not.toMatch(/not heard of/)
    })

    it('the cable is out for long: the machine is lost, and back for the next measurement', async () => {
      const { host, agent } = await startTraining(['--repeats', '2'])
      machines.setLink('down')
      await host.printed(/node 1 \(.+\) was not heard of for 15 s/)
      machines.setLink('up')
      await eventually('it is back', 120_000, () => host.output().split('is here').length === 3)
      host.child.kill('SIGINT')
      expect(await host.ended()).toBe(130)
      await eventually('its trainers are gone', 60_000, () => trainersOf(agent.pid).length === 0)
    })

    it('a machine loses its power and is back at once: its new agent takes the place of the old one', async () => {
      const { host, there } = await startTraining(['--repeats', '2'])
      machines.restart()
      await expectNoneLeft(there)
      const agent = startAgent()
      await eventually('it is back', 120_000, () => host.output().split('is here').length === 3)
      await eventually('it trains again', 120_000, () => trainersOf(agent.pid).length === 1)
      await eventually(
        'the second repeat goes on',
        120_000,
        () => host.output().split('Epoch 2/').length === 3,
      )
      host.child.kill('SIGINT')
      expect(await host.ended()).toBe(130)
      expect(await agent.ended()).toBe(0)
      const [cut] = measurementsOf(machines.folder(0))
      expect(cut).toMatchObject({ status: 'failed', error: { code: 'node-lost' } })
    })

    it('the agent stops for a second now and then: nothing is lost', async () => {
      const { host, agent } = await startTraining()
      for (let time = 0; time < 4; time++) {
        process.kill(agent.pid, 'SIGSTOP')
        await delay(1_000)
        process.kill(agent.pid, 'SIGCONT')
        const before = epochOf(host)
        await eventually('epochs go on', 60_000, () => epochOf(host) > before)
      }
      host.child.kill('SIGINT')
      expect(await host.ended()).toBe(130)
      expect(await agent.ended()).toBe(0)
      const [measurement] = measurementsOf(machines.folder(0))
      const counts = measurement?.ranks.map(({ steps }) => steps.length) ?? []
      expect(counts).toHaveLength(2)
      // Every epoch that is told has its step of either rank.
      for (const count of counts) expect(count).toBeGreaterThanOrEqual(measurement?.epochs.length ?? 0)
      expect(host.output()).not.toMatch(/not heard of/)
    })

    it.skipIf(available === null)(
      `the disk of the agent is full: it trains without what it would have kept${whyNoDisk}`,
      async () => {
        const disk = mountTinyFileSystem() as TinyFileSystem
        try {
          disk.fill()
          const { folder } = disk
          const environment = { TMPDIR: folder, TANDEM_DATA_DIR: folder, TANDEM_CACHE_DIR: folder }
          const { host, agent } = await startTraining([], environment)
          const before = epochOf(host)
          await eventually('epochs go on', 60_000, () => epochOf(host) > before)
          host.child.kill('SIGINT')
          expect(await host.ended()).toBe(130)
          expect(await agent.ended()).toBe(0)
        } finally {
          disk.dispose()
        }
      },
    )

    it('stopped by its person, the host ends agent and trainers in order', async () => {
      const { host, agent, here, there } = await startTraining()
      host.child.kill('SIGINT')
      expect(await host.ended()).toBe(130)
      expect(await agent.ended()).toBe(0)
      await expectNoneLeft([...here, ...there])
    })
  })
})
