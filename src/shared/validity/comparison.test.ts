import { describe, expect, it } from 'vitest'
import type { MeasurementSummary } from '../results/results.js'
import { strategyResults } from '../results/strategy-results.js'
import { whyNotCompared } from '../text/comparison-text.js'
import { epochs, found, measured, quietRun, runWith } from './quiet-run.fixture.js'
import { compareWork, type Work, workOf } from './work.js'

const { configuration } = quietRun()

describe('the equal-work guard', () => {
  const single = workOf(measured('single'), configuration)
  const ddp = workOf(measured('ddp'), configuration)

  it('finds nothing where the work was equal', () => {
    expect(compareWork(ddp, single, 'Single')).toEqual([])
  })

  it.each<[Partial<Work>, string, string, string]>([
    [{ dataset: 'cifar10' }, 'data-differs', 'not-comparable', 'it ran on cifar10, Single on sample'],
    [
      { modelName: 'resnet34' },
      'model-differs',
      'not-comparable',
      'it ran resnet34 (torchvision stem), Single resnet18 (torchvision stem)',
    ],
    [{ precision: 'mixed' }, 'precision-differs', 'not-comparable', 'it ran in mixed, Single in fp32'],
    [{ backend: 'wasm' }, 'engine-differs', 'not-comparable', 'it ran on wasm, Single on tensorflow'],
    [{ deviceKind: 'gpu' }, 'device-kind-differs', 'not-comparable', 'it ran on GPUs, Single on CPUs'],
    [{ images: 2_048 }, 'images-differ', 'not-comparable', "an epoch is 2,048 images, Single's 1,024"],
    [{ epochs: 1 }, 'epochs-differ', 'warning', 'it ran 1 epoch, Single 2 epochs'],
    [
      { learningRate: 0.1 },
      'learning-rate-differs',
      'warning',
      'it ran with a learning rate of 0.1, Single with a learning rate of 0.005',
    ],
    [
      { globalBatchSize: 128 },
      'weak-scaling',
      'note',
      "the global batch is 128 images, Single's 64 (weak scaling)",
    ],
  ])('%o', (changes, code, severity, message) => {
    expect(compareWork({ ...ddp, ...changes }, single, 'Single')).toEqual([{ code, severity, message }])
  })

  it('lets a distributed sampler repeat pictures to fill its last round', () => {
    expect(compareWork({ ...ddp, images: 1_025, worldSize: 2 }, single, 'Single')).toEqual([])
    expect(compareWork({ ...ddp, images: 1_026, worldSize: 2 }, single, 'Single')).toHaveLength(1)
  })

  it('takes as many steps of larger batches for weak scaling under a limit on steps', () => {
    const twice = { ...ddp, images: 2_048, globalBatchSize: 128, steps: 16 }
    expect(compareWork(twice, single, 'Single').map(({ code, severity }) => [code, severity])).toEqual([
      ['step-limit', 'note'],
      ['weak-scaling', 'note'],
    ])
  })

  it('says nothing of what is not known yet', () => {
    expect(compareWork({ ...ddp, backend: null, deviceKind: null, images: null }, single, 'Single')).toEqual(
      [],
    )
  })
})

describe('the parity gate', () => {
  const lastLoss = (loss: number) =>
    epochs(2).map((epoch) => (epoch.epoch === 1 ? { ...epoch, loss } : epoch))

  it('lets batch statistics of smaller shares move the first loss, and little else', () => {
    expect(found(runWith('ddp', { firstStepLoss: 2.6 }), 'first-step-loss')).toEqual([])
    expect(found(runWith('ddp', { firstStepLoss: 2.63 }), 'first-step-loss')[0]).toMatchObject({
      severity: 'not-comparable',
      strategies: ['ddp'],
      message: expect.stringMatching(
        /^DDP: its first step has a loss of 2\.630, Single's 2\.440, and they may differ by 0\.176/,
      ),
    })
  })

  it('is narrower where the shares are large, and wider where one step saw more pictures', () => {
    const pair = (own: Partial<MeasurementSummary>, base: Partial<MeasurementSummary>) =>
      found(
        quietRun({ measurements: [measured('single', 0, base), measured('ddp', 0, own)] }),
        'first-step-loss',
      )
    const of = (perDeviceBatchSize: number, globalBatchSize: number, firstStepLoss: number) => ({
      perDeviceBatchSize,
      globalBatchSize,
      firstStepLoss,
    })
    expect(pair(of(512, 1_024, 2.5), of(1_024, 1_024, 2.44))).toHaveLength(1)
    expect(pair(of(64, 128, 2.7), of(64, 64, 2.44))).toEqual([])
    expect(pair(of(64, 128, 2.8), of(64, 64, 2.44))).toHaveLength(1)
  })

  it('holds the last epoch’s mean loss against Single’s', () => {
    expect(found(runWith('ddp', { epochs: lastLoss(2.45) }), 'final-loss')).toEqual([])
    expect(found(runWith('ddp', { epochs: lastLoss(2.55) }), 'final-loss')[0]).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/^DDP: its last epoch has a mean loss of 2\.550, Single's 2\.200/),
    })
  })

  it('but not where Single itself does not learn, which is said instead', () => {
    const run = runWith('single', { epochs: lastLoss(3) })
    expect(found(run, 'final-loss')).toEqual([])
    expect(found(run, 'loss-did-not-fall')[0]?.severity).toBe('note')
    expect(found(quietRun(), 'loss-did-not-fall')).toEqual([])
  })

  it('nor over fewer updates, nor where losses are not known', () => {
    const weak = { globalBatchSize: 128, perDeviceBatchSize: 64, epochs: lastLoss(2.7) }
    expect(found(runWith('ddp', weak), 'final-loss')).toEqual([])
    expect(found(runWith('ddp', { firstStepLoss: null }), 'first-step-loss')).toEqual([])
  })

  it('ends where ranks no longer hold the same weights', () => {
    const error = { code: 'ranks-diverged', message: 'rank 1 holds other weights', hint: '' }
    const run = runWith('ddp', { status: 'failed', error })
    expect(found(run, 'ranks-diverged')[0]).toMatchObject({ severity: 'not-comparable', strategies: ['ddp'] })
    expect(
      found(runWith('ddp', { status: 'failed', error: { ...error, code: 'x' } }), 'ranks-diverged'),
    ).toEqual([])
  })
})

describe('a rank that was slowed on purpose', () => {
  const slowed = { ...quietRun(), configuration: { ...configuration, slowRank: '1:1.5x' } }

  it('makes its strategy a demonstration, never a measurement, and leaves the others alone', () => {
    expect(found(slowed, 'slowed-on-purpose')).toEqual([
      {
        code: 'slowed-on-purpose',
        severity: 'not-comparable',
        strategies: ['ddp'],
        message: 'DDP: rank 1 slowed 1.5x on purpose, so this is a demonstration and no measurement.',
      },
    ])
    const [, dp, ddp] = strategyResults(slowed.measurements, slowed.configuration)
    expect(dp?.speedup).not.toBeNull()
    expect(ddp?.speedup).toBeNull()
  })

  it('is nothing where a group has no such rank', () => {
    const run = { ...slowed, configuration: { ...configuration, slowRank: '5:1.5x' } }
    expect(found(run, 'slowed-on-purpose')).toEqual([])
  })
})

it('what is not comparable has no speedup to speak of', () => {
  const { measurements } = runWith('ddp', { firstStepLoss: 5 })
  const [, dp, ddp] = strategyResults(measurements, configuration)
  expect(ddp?.answer?.comparison).toMatchObject({
    kind: 'not-comparable',
    reason: expect.stringMatching(/^its first step has a loss of 5\.000/),
  })
  expect(ddp).toMatchObject({ speedup: null, efficiency: null })
  expect(dp?.answer?.comparison.kind).toBe('compared')
  if (ddp === undefined) throw new Error('no DDP')
  expect(whyNotCompared(ddp, measured('single'))).toMatch(/^not comparable: its first step/)
})
