import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { describeWithTensorFlow, tensorflowLibraryDir } from '../../src/trainer/test-support/tensorflow.js'
import { describeWithPyTorch, testPython } from '../pytorch/pytorch.js'
import { describeWithTwoMachines, makeTwoMachines, type TwoMachines } from './two-machines.js'

const task = [
  ...['--dataset', 'sample', '--stem', 'cifar', '--batch-size-single', '8', '--per-gpu-batch-size', '4'],
  ...['--epochs', '1', '--max-steps-per-epoch', '2', '--seed', '3'],
]

/** With the CIFAR stem and ten classes, in torchvision's count. */
const resnet18Parameters = 11_173_962

let machines: TwoMachines

function resultsIn(folder: string): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')))
}

/** A run over both machines with this engine; `core` where each has one of its own. */
async function runOverBoth(
  engine: readonly string[],
  parameters: readonly string[],
  hasOneCore: boolean,
): Promise<Results> {
  const agent = machines.start(
    1,
    ['agent', ...engine.filter((word, index) => !isBackend(engine, word, index))],
    {
      ...(hasOneCore && { core: 1 }),
    },
  )
  const file = join(machines.folder(0), 'results.json')
  const host = machines.start(0, ['run', ...engine, ...task, ...parameters, '--output-file', file], {
    ...(hasOneCore && { core: 0 }),
  })
  expect([await host.ended(), await agent.ended()], `${host.output()}\n${agent.output()}`).toEqual([0, 0])
  return resultsIn(machines.folder(0))
}

/** An agent is told what computes by node 0. */
function isBackend(engine: readonly string[], word: string, index: number): boolean {
  return word === '--backend' || engine[index - 1] === '--backend'
}

function trainsOverBoth(engine: readonly string[], exchange: RegExp): void {
  it('runs Single, DDP on one machine and DDP on both, with the same weights on every rank', async () => {
    const { measurements, otherMachines } = await runOverBoth(
      engine,
      ['--devices', 'cpu:2', '--strategies', 'single,ddp'],
      false,
    )
    // What was disturbed is measured again at the end.
    expect(measurements.map(({ title, status }) => `${title}: ${status}`).sort()).toEqual([
      'DDP x2, 1 machine: completed',
      'DDP x4, 2 machines: completed',
      'Single (all cores): completed',
      'Single: completed',
    ])
    expect(otherMachines).toHaveLength(1)
    const both = measurements.find(({ id }) => id === 'ddp')
    expect(both?.collective).toMatch(exchange)
    expect(both?.devices.map(({ machine }) => machine)).toEqual([0, 0, 1, 1])
    // Ranks whose weights differ by one bit end a measurement with an error.
    expect(both?.epochs[0]?.parameterChecksum).toMatch(/^[0-9a-f]{64}$/)
    // What an engine can tell of them: PyTorch each, TensorFlow none.
    const groups = measurements.filter(({ worldSize }) => worldSize > 1)
    const gradientBytes = engine.includes('pytorch') ? 4 * resnet18Parameters : 0
    for (const { buckets = [] } of groups) {
      expect(buckets.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(gradientBytes)
    }
    for (const { ranks, speedup } of measurements.filter(({ strategy }) => strategy === 'ddp')) {
      expect(ranks.every(({ steps }) => steps.length === 2)).toBe(true)
      expect(speedup).toBeGreaterThan(0)
    }
  })

  it('trains to the same bits as the same ranks on one machine', async () => {
    const ddp = [
      '--strategies',
      'ddp',
      '--autotune',
      'off',
      ...(engine.includes('tensorflow') ? ['--collective', 'tensorflow'] : []),
    ]
    const overBoth = await runOverBoth(engine, ddp, true)
    const file = join(machines.folder(1), 'results.json')
    const alone = machines.start(
      1,
      ['run', ...engine, ...task, ...ddp, '--devices', 'cpu:2', '--output-file', file],
      { alone: true },
    )
    expect(await alone.ended(), alone.output()).toBe(0)
    const [one] = resultsIn(machines.folder(1)).measurements
    const [both] = overBoth.measurements
    expect(both?.worldSize).toBe(2)
    expect(both?.epochs[0]?.parameterChecksum).toBe(one?.epochs[0]?.parameterChecksum)
    expect(both?.epochs[0]?.loss).toBe(one?.epochs[0]?.loss)
  })
}

describeWithTwoMachines('training on two machines', () => {
  vi.setConfig({ testTimeout: 600_000 })
  beforeAll(async () => {
    machines = await makeTwoMachines()
  })
  afterAll(() => machines.remove())

  describeWithPyTorch('with PyTorch', () =>
    trainsOverBoth(['--backend', 'pytorch', '--python', testPython], /gloo/),
  )

  describeWithTensorFlow('with TensorFlow', () =>
    trainsOverBoth(['--backend', 'tensorflow', '--tensorflow-dir', tensorflowLibraryDir], /gRPC/),
  )
})
