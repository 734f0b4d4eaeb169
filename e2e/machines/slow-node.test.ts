import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { meanStep } from '../../src/shared/analysis/step-analysis.js'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
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

/** Has the trainers on node 1 stand still for most of the time. Returns how to let them go on. */
function slowDown(): () => void {
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of machines.processes(1)) {
      try {
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(testPython)) process.kill(pid, signal)
      } catch {
        // It has ended.
      }
    }
  }
  const beginning = setInterval(() => signalAll('SIGSTOP'), 500)
  const pausing = setInterval(() => setTimeout(() => signalAll('SIGCONT'), 400), 500)
  return () => {
    clearInterval(beginning)
    clearInterval(pausing)
    setTimeout(() => signalAll('SIGCONT'), 500)
  }
}

function measurementOf(folder: string): Results['measurements'][number] | undefined {
  const { measurements } = resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')))
  return measurements.at(-1)
}

describeWithTwoMachines('a machine that is slower than the other one', () => {
  vi.setConfig({ testTimeout: 600_000 })
  describeWithPyTorch('with PyTorch', () => {
    it('is the one that the others wait for, by name, and no step is lost', async () => {
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
      expect(meanStep(both ? [both] : [])?.lateRank).toMatchObject({ rank: 1 })
      expect(host.output()).toMatch(/Rank 1 on node 1 of DDP x2, 2 machines took up to .+ times as long/)
    })
  })
})
