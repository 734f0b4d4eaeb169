import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { describeWithPyTorch, testPython } from '../pytorch/pytorch.js'
import { eventually, type TandemProcess } from '../tandem-process.js'
import { describeWithTwoMachines, makeTwoMachines, type TwoMachines } from './two-machines.js'

const scripts = fileURLToPath(new URL('../pytorch/scripts', import.meta.url))
const script = [testPython, '-B', 'plain.py']

let machines: TwoMachines

/** `tandem measure` on one of the machines. */
function measure(
  machine: 0 | 1,
  flags: readonly string[],
  command: readonly string[] = script,
  environment: NodeJS.ProcessEnv = {},
): TandemProcess {
  const output = ['--output-file', join(machines.folder(machine), 'results.json')]
  return machines.start(machine, ['measure', '--folder', scripts, ...output, ...flags], {
    words: ['--', ...command],
    environment,
  })
}

const plan = ['--devices', '1,2,4', '--repeats', '1', '--steps', '12', '--warm-up', '3']

describeWithTwoMachines('a script on two machines', () => {
  describeWithPyTorch('of PyTorch', () => {
    vi.setConfig({ testTimeout: 600_000 })
    beforeAll(async () => {
      machines = await makeTwoMachines()
    })
    afterAll(() => machines.remove())

    it('is measured on one device, on one machine and on both, with exact steps and samples', async () => {
      const agent = measure(1, plan)
      // As under torchrun, one worker a machine: to the script on one device this is no group.
      const place = { RANK: '0', WORLD_SIZE: '2', MASTER_ADDR: '10.77.0.1', MASTER_PORT: '29400' }
      const host = measure(0, plan, script, place)
      expect([await host.ended(), await agent.ended()], `${host.output()}\n${agent.output()}`).toEqual([0, 0])
      const { measurements, otherMachines } = resultsOf(0)
      expect(otherMachines).toHaveLength(1)
      expect(
        measurements.map(({ title, devices, ranks, epochs, globalBatchSize }) => ({
          title,
          machines: devices.map(({ machine }) => machine),
          steps: ranks.map(({ steps }) => steps.length),
          samples: epochs[0]?.images,
          globalBatchSize,
        })),
      ).toEqual([
        { title: 'Single', machines: [0], steps: [12], samples: 12 * 8, globalBatchSize: 8 },
        {
          title: '2 ranks, 1 machine',
          machines: [0, 0],
          steps: [12, 12],
          samples: 12 * 16,
          globalBatchSize: 16,
        },
        {
          ...{ title: '4 ranks, 2 machines', machines: [0, 0, 1, 1], steps: [12, 12, 12, 12] },
          ...{ samples: 12 * 32, globalBatchSize: 32 },
        },
      ])
      const both = measurements.at(-1)
      expect(both?.collective).toMatch(/gloo/)
      expect(both?.clocks).toHaveLength(1)
    })

    it.each([
      [
        'another command',
        plan,
        [...script, '--workers', '1', 'spawn'],
        /node 1 \(.+\) would run .+plain\.py --workers/,
      ],
      [
        'another number of steps',
        [...plan, '--steps', '13'],
        script,
        /--steps is 13 on node 1 \(.+\), and 12 on node 0/,
      ],
    ])('is refused where a machine was told of %s', async (_what, flags, command, problem) => {
      const agent = measure(1, flags, command)
      const host = measure(0, plan)
      expect([await host.ended(), await agent.ended()]).toEqual([2, 2])
      expect(host.output()).toMatch(problem)
      expect(agent.output()).toMatch(problem)
    })

    it('is run by no agent that was told of none', async () => {
      const agent = machines.start(1, ['agent'])
      const host = measure(0, plan)
      expect(await host.ended()).toBe(2)
      expect(host.output()).toMatch(
        /node 1 \(.+\): node 0 measures a script, and this machine was told of none/,
      )
      await agent.ended()
    })

    it.each([
      ['its person stops it', 'stop', 130],
      ['its agent is killed', 'kill agent', 1],
      ['its host is killed', 'kill host', 'SIGKILL'],
    ] as const)('ends on both when %s', async (_what, end, code) => {
      const long = ['--devices', '2', '--repeats', '1', '--steps', '100000']
      const [agent, host] = [measure(1, long), measure(0, long)]
      await host.printed(/2 ranks, 2 machines/)
      const scriptRuns = () => machines.processes(1).length > 2
      await eventually('the script runs on the other machine', 60_000, scriptRuns)
      switch (end) {
        case 'stop':
          host.child.kill('SIGINT')
          break
        case 'kill agent':
          agent.child.kill('SIGKILL')
          break
        case 'kill host':
          host.child.kill('SIGKILL')
      }
      expect(await host.ended()).toBe(code)
      await agent.ended()
      const nothingLeft = () => ([0, 1] as const).every((machine) => machines.processes(machine).length === 0)
      await eventually('nothing of it is left', 60_000, nothingLeft)
    })

    it('of which a rank fails on the other machine ends on both, with its traceback', async () => {
      const failing = [testPython, '-B', '-c', failsOnLastRank]
      const four = ['--devices', '4', '--repeats', '1']
      const agent = measure(1, four, failing)
      const host = measure(0, four, failing)
      expect(await host.ended()).toBe(1)
      expect(resultsOf(0).measurements.at(-1)).toMatchObject({
        status: 'failed',
        error: { code: 'script-failed', message: expect.stringContaining('no luck here') as string },
      })
      await agent.ended()
      await eventually('nothing of it is left', 30_000, () => machines.processes(1).length === 0)
    })
  })

  it('does not start its ranks by a launcher of its own', async () => {
    machines = await makeTwoMachines()
    try {
      const host = measure(0, plan, ['torchrun', '--nproc-per-node', '{world_size}', 'plain.py'])
      expect(await host.ended()).toBe(2)
      expect(host.output()).toMatch(
        /torchrun starts its ranks itself; over several machines Tandem starts them/,
      )
    } finally {
      await machines.remove()
    }
  })
})

const failsOnLastRank = `
import os, runpy, sys
import torch
sys.argv = ['plain.py']
sys.path.insert(0, os.getcwd())
if os.environ.get('RANK') == '3':
    step, count = torch.optim.SGD.step, [0]
    def failing(*parameters, **named):
        count[0] += 1
        if count[0] > 5:
            raise ValueError('no luck here')
        return step(*parameters, **named)
    torch.optim.SGD.step = failing
runpy.run_path('plain.py', run_name='__main__')
`

function resultsOf(machine: 0 | 1): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(join(machines.folder(machine), 'results.json'), 'utf8')))
}
