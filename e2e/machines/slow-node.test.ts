import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { median } from '../../src/shared/statistics/quantiles.js'
import { describeWithPyTorch, testPython } from '../pytorch/pytorch.js'
import { describeWithTwoMachines, makeTwoMachines, type TwoMachines } from './two-machines.js'

const steps = 16
const task = [
  ...['--backend', 'pytorch', '--python', testPython, '--strategies', 'ddp', '--dataset', 'sample'],
  ...['--stem', 'cifar', '--per-gpu-batch-size', '2', '--epochs', '1'],
  ...['--max-steps-per-epoch', String(steps)],
]

let machines: TwoMachines
beforeEach(async () => {
  machines = await makeTwoMachines()
})
afterEach(() => machines.remove())

/** Has the trainers on node 1 stand still for four fifths of each tenth of a second. Returns how to let them go on. */
function slowDown(): () => void {
  const trainers = machines.processes(1).filter(isTrainer)
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of trainers) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended.
      }
    }
  }
  let goingOn: NodeJS.Timeout | undefined
  const stopping = setInterval(() => {
    signalAll('SIGSTOP')
    goingOn = setTimeout(() => signalAll('SIGCONT'), 80)
  }, 100)
  return () => {
    clearInterval(stopping)
    clearTimeout(goingOn)
    signalAll('SIGCONT')
  }
}

function isTrainer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(testPython)
  } catch {
    return false
  }
}

function measurementOf(folder: string): Results['measurements'][number] | undefined {
  const { measurements } = resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')))
  return measurements.at(-1)
}

/** How long after rank 0's own last gradient that of rank 1 is there, step by step. */
function behindMs(measurement: Results['measurements'][number] | undefined): number[] {
  const [first = [], second = []] = (measurement?.ranks ?? []).map(({ steps: own }) => own)
  return first.map(({ arrivedAtMs }, step) => Number(second[step]?.arrivedAtMs) - Number(arrivedAtMs))
}

describeWithTwoMachines('a machine that is slower than the other one', () => {
  vi.setConfig({ testTimeout: 600_000 })
  describeWithPyTorch('with PyTorch', () => {
    // When that makes the verdict sure, and what it says then, is in the unit tests of its rule: beside other work it is
    // rightly less so.
    it('is the one that the other waits for in most steps, and no step is lost', async () => {
      const agent = machines.start(1, ['agent', '--python', testPython], { core: 1 })
      const output = ['--output-file', join(machines.folder(0), 'results.json')]
      const host = machines.start(0, ['run', ...task, ...output], { core: 0 })
      const running = host.printed(/DDP x2, 2 machines.*\n.*(step|Epoch)/)
      const letGo = running.then(
        () => slowDown(),
        () => () => {},
      )
      expect(await host.ended(), host.output()).toBe(0)
      ;(await letGo)()
      expect(await agent.ended()).toBe(0)
      const both = measurementOf(machines.folder(0))
      expect(both?.ranks.map(({ steps: own }) => own.length)).toEqual([steps, steps])
      expect(median(behindMs(both))).toBeGreaterThan(0)
    })
  })
})
