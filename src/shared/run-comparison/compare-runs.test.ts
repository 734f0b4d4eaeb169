import { describe, expect, it } from 'vitest'
import type { EngineName } from '../domain/engines.js'
import type { Script } from '../script/script.js'
import { changeSentence } from './change-text.js'
import { compareRuns } from './compare-runs.js'
import { measuredAt, type Rates, runAt } from './compared-run.fixture.js'
import type { ComparedRun } from './compared-run.js'
import type { StrategyChange } from './strategy-change.js'

const script: Script = {
  ...{ command: ['python', 'train.py'], folder: '/project', worlds: [1], launcher: 'tandem' },
  ...{ isInScratch: false, steps: 40, warmUpSteps: 5, startSeconds: 600 },
  ...{ perDeviceBatch: null, globalBatch: null },
}

const steady = (rate: number): number[] => [0.99, 1, 1.01].map((factor) => factor * rate)

function changeOf(base: ComparedRun, other: ComparedRun, id: string): StrategyChange {
  const change = compareRuns([base, other]).strategies.find((strategy) => strategy.id === id)?.changes[0]
  if (change === undefined) throw new Error(`${id} is not compared`)
  return change
}

const sentence = (base: ComparedRun, other: ComparedRun, id: string): string =>
  changeSentence(id.toUpperCase(), changeOf(base, other, id), { base: 'A', other: 'B' })

describe('a comparison of runs', () => {
  it('holds every strategy’s images/s against the first run’s, with an interval and a verdict', () => {
    const { strategies } = compareRuns([
      runAt({ single: steady(500), ddp: steady(900) }),
      runAt({ single: steady(500), ddp: steady(810) }),
    ])

    const [single, ddp] = strategies
    expect(strategies.map(({ id }) => id)).toEqual(['single', 'ddp'])
    expect(single?.changes[0]).toMatchObject({ kind: 'compared', estimate: { ratio: expect.closeTo(1) } })
    expect(ddp?.changes[0]).toMatchObject({ kind: 'compared', verdict: { kind: 'slower', comparisons: 2 } })
    expect(ddp?.sides.map(({ rates }) => rates.length)).toEqual([3, 3])
    expect(ddp?.sides.map(({ speedup }) => speedup?.ratio)).toEqual([
      expect.closeTo(1.8),
      expect.closeTo(1.62),
    ])
    expect(ddp?.sides[0]?.speedup?.low).toBeLessThan(1.81)
  })

  it('compares any number of runs with the first', () => {
    const runs = [500, 600, 700].map((rate) => runAt({ single: steady(rate) }))
    const [single] = compareRuns(runs).strategies

    expect(single?.changes.map((change) => 'estimate' in change && change.estimate.ratio)).toEqual([
      expect.closeTo(1.2),
      expect.closeTo(1.4),
    ])
    expect(compareRuns(runs.slice(0, 1)).strategies[0]?.changes).toEqual([])
    expect(compareRuns([])).toEqual({ runs: [], differences: [], strategies: [] })
  })

  it('does not hold steps of a script against samples', () => {
    const counting = (counts?: Script['counts']): ComparedRun => {
      const run = runAt({ single: steady(500) })
      return {
        ...run,
        configuration: { ...run.configuration, script: { ...script, ...(counts && { counts }) } },
      }
    }
    expect(changeOf(counting(), counting('said-samples'), 'single').kind).toBe('compared')
    expect(changeOf(counting(), counting('steps'), 'single')).toMatchObject({
      kind: 'not-comparable',
      reason: 'one counts samples, the other steps',
    })
  })

  it('says that one repeat may be chance', () => {
    expect(sentence(runAt({ ddp: [500] }), runAt({ ddp: steady(600) }), 'ddp')).toBe(
      'DDP: B made 1.20x the throughput of A (1 and 3 repeats), which may be chance: no interval, no verdict',
    )
  })

  it('rests on repeats that got to their end', () => {
    const failed = {
      status: 'failed' as const,
      error: { code: 'trainer-exit', message: 'DDP rank 1 failed', hint: '' },
    }
    const broken = runAt({}, { measurements: [measuredAt('ddp', 0, 600), measuredAt('ddp', 1, 90, failed)] })
    expect(changeOf(runAt({ ddp: [500] }), broken, 'ddp')).toMatchObject({
      estimate: { ratio: expect.closeTo(1.2), repeats: 1 },
    })

    const nothing = runAt({}, { measurements: [measuredAt('ddp', 0, 90, failed)] })
    expect(sentence(runAt({ ddp: [500] }), nothing, 'ddp')).toBe(
      'DDP: not compared, because B has no figure: DDP rank 1 failed',
    )
  })

  it.each<[what: string, base: ComparedRun, other: ComparedRun, reason: string]>([
    [
      'other models',
      runAt({ ddp: [500] }),
      runAt({ ddp: [500] }, { configuration: { modelName: 'resnet34' } }),
      'one trained ResNet-18, the other ResNet-34',
    ],
    [
      'other precisions',
      runAt({ ddp: [500] }),
      runAt({ ddp: [500] }, { configuration: { precision: 'mixed' } }),
      'one trained in fp32 precision, the other in mixed precision',
    ],
    [
      'another number of devices',
      runAt({ ddp: [500] }),
      runAt(
        {},
        {
          measurements: [
            measuredAt('ddp', 0, 900, {
              devices: [0, 1, 2, 3].map((index) => ({
                kind: 'gpu' as const,
                index,
                description: '',
                cores: [],
              })),
            }),
          ],
        },
      ),
      'one ran on 2 CPU devices, the other on 4 GPUs',
    ],
  ])('does not compare %s, but gives the figures', (_what, base, other, reason) => {
    expect(changeOf(base, other, 'ddp')).toMatchObject({
      kind: 'not-comparable',
      reason,
      estimate: { ratio: expect.any(Number) },
    })
  })

  it('compares other engines, and the verdict says of which it speaks', () => {
    const other = runAt({}, { measurements: [measuredAt('ddp', 0, 900, { backend: 'pytorch' })] })
    const change = changeOf(runAt({ ddp: [500] }), other, 'ddp')
    expect(change).toMatchObject({ kind: 'compared', engines: { base: 'TensorFlow', other: 'PyTorch' } })
    expect(changeSentence('DDP', change, { base: 'A', other: 'B' })).toContain(
      'B (PyTorch) made 1.80x the throughput of A (TensorFlow)',
    )
  })
})

describe('runs of one engine and of several', () => {
  const of = (id: string, backend: EngineName, rate: number) => ({
    ...measuredAt(id.split('+')[0] as 'ddp', 0, rate, { backend }),
    id,
    title: `${id} on ${backend}`,
  })
  const alone = runAt({}, { measurements: [of('single', 'pytorch', 500), of('ddp', 'pytorch', 900)] })
  const several = runAt(
    {},
    {
      measurements: [
        ...[of('single', 'tensorflow', 700), of('single+pytorch', 'pytorch', 505)],
        ...[of('ddp', 'tensorflow', 1200), of('ddp+pytorch', 'pytorch', 890)],
      ],
    },
  )
  const rates = (runs: ComparedRun[]) =>
    compareRuns(runs).strategies.map(({ id, title, sides }) => [
      `${id}: ${title}`,
      ...sides.map(({ rates: [rate] }) => (rate === undefined ? null : Math.round(rate))),
    ])

  it('are held against each other engine by engine', () => {
    expect(rates([alone, several])).toEqual([
      ['single: single on tensorflow', null, 700],
      ['single+pytorch: single+pytorch on pytorch', 500, 505],
      ['ddp: ddp on tensorflow', null, 1200],
      ['ddp+pytorch: ddp+pytorch on pytorch', 900, 890],
    ])
    expect(rates([several, alone]).map(([, one, other]) => [one, other])).toEqual([
      [700, null],
      [505, 500],
      [1200, null],
      [890, 900],
    ])
  })

  it('say of each what its speedup is over', () => {
    const { strategies } = compareRuns([alone, several])
    expect(strategies.map(({ sides }) => sides[1]?.speedup?.ratio)).toEqual([
      ...[undefined, undefined],
      ...[expect.closeTo(1200 / 700), expect.closeTo(890 / 505)],
    ])
  })
})

describe('what two runs differ in', () => {
  const differing = (base: ComparedRun, other: ComparedRun): string[] =>
    compareRuns([base, other]).differences.map(
      ({ what, matters, values }) => `${matters ? '!' : ''}${what}: ${values.join(' / ')}`,
    )
  const rates: Rates = { single: [500], ddp: [900] }

  it('is nothing where nothing differs', () => {
    expect(differing(runAt(rates), runAt(rates))).toEqual([])
  })

  it('is told with its values, first what images/s can differ for', () => {
    const other = runAt(rates, {
      configuration: { seed: 1, perGpuBatchSize: 64, maxStepsPerEpoch: 20 },
      machine: { hostName: 'elsewhere', cpuModel: 'Another CPU', memoryBytes: 2 ** 34 },
    })
    expect(differing(runAt(rates), other)).toEqual([
      '!Batch per device: 512 / 64',
      '!Steps per epoch, at most: the whole epoch / 20',
      '!Processor: Some CPU / Another CPU',
      'Seed: 0 / 1',
      'Memory: 8.0 GiB / 16.0 GiB',
      'Host: workstation / elsewhere',
    ])
  })

  it('is the engine and the devices that were used, whatever was asked for', () => {
    const other = runAt(
      {},
      { measurements: [measuredAt('single', 0, 90, { backend: 'wasm', backendVersion: '4.22.0' })] },
    )
    expect(differing(runAt({ single: [500] }), other)).toEqual([
      '!Engine: TensorFlow 2.21.0 / WebAssembly 4.22.0',
    ])
  })

  it('is not what one of them does not say', () => {
    expect(differing(runAt(rates), runAt({}))).toEqual([])
  })
})
