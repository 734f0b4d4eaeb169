import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../child/trainer-protocol.js'
import { plannedMeasurement, runStarted } from '../live/live-run.fixture.js'
import type { Measurement, Results } from '../results/results.js'
import { analyseRun } from './run-analysis.js'

function steps(count: number, changes: Partial<StepRecord>): StepRecord[] {
  return Array.from({ length: count }, (_, step) => ({
    epoch: 0,
    step,
    loss: 2,
    images: 64,
    startedAtMs: 1000 * step,
    stepMs: 100,
    dataWaitMs: 2,
    computeMs: 95,
    communicationMs: 0,
    updateMs: 0,
    arrivedAtMs: null,
    ...changes,
  }))
}

function measured(
  id: 'single' | 'dp' | 'ddp',
  block: number,
  ranks: StepRecord[][],
  seconds: number,
): Measurement {
  return {
    ...plannedMeasurement(id, { block, status: 'completed', backend: 'tensorflow' }),
    epochs: [
      { epoch: 0, loss: 2, seconds, images: 640, steps: 10, testAccuracy: null, parameterChecksum: '' },
    ],
    ranks: ranks.map((list, rank) => ({ rank, steps: list })),
  }
}

function resultsOf(measurements: Measurement[]): Results {
  const { runId, configuration, machine } = runStarted([])
  return {
    format: 'tandem-results',
    version: 2,
    runId,
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: null,
    status: 'complete',
    configuration,
    notes: [],
    warnings: [],
    machine,
    environment: null,
    measurements,
  }
}

const ddpRank = (lateMs: number): StepRecord[] =>
  steps(10, { images: 32, stepMs: 64, computeMs: 48, communicationMs: 10, updateMs: 4 }).map((record) => ({
    ...record,
    arrivedAtMs: record.startedAtMs + 50 + lateMs,
  }))

const twoBlocks = [0, 1].flatMap((block) => [
  measured('single', block, [steps(10, {})], 1),
  measured('ddp', block, [ddpRank(0), ddpRank(4)], 0.64),
])

describe('the analysis of a run', () => {
  it('explains every strategy’s step from Single’s, adding up to what was measured', () => {
    const { waterfalls } = analyseRun(resultsOf(twoBlocks))

    expect(waterfalls.map(({ id }) => id)).toEqual(['ddp'])
    const waterfall = waterfalls[0]?.waterfall
    if (waterfall === undefined) throw new Error('no waterfall')
    expect(waterfall.idealMs).toBeCloseTo(50)
    expect(waterfall.measuredMs).toBeCloseTo(64)
    const sum = waterfall.bars.reduce((total, { msPerStep }) => total + msPerStep, waterfall.idealMs)
    expect(sum).toBeCloseTo(64)
    // Ranks waited 4 and 0 ms for the last one, in each block.
    expect(waterfall.bars.find(({ name }) => name === 'straggler-wait')?.msPerStep).toBeCloseTo(2)
  })

  it('knows the bandwidth of the all-reduce in the steps, and draws the limits to where one would go next', () => {
    const { limits } = analyseRun(resultsOf(twoBlocks))

    expect(limits).toHaveLength(1)
    expect(limits[0]).toMatchObject({ baseId: 'single', engineTitle: null })
    expect(limits[0]?.points).toHaveLength(8)
    expect(limits[0]?.bandwidth?.algorithmBytesPerSecond).toBeCloseTo((11_181_642 * 4) / 0.008)
    expect(limits[0]?.measured).toEqual([
      { id: 'ddp', title: 'DDP', devices: 2, speedup: expect.closeTo(1 / 0.64) },
    ])
    expect(limits[0]?.points[1]?.predicted?.speedup).toBeCloseTo(limits[0]?.measured[0]?.speedup as number, 1)
  })

  it('holds a second engine against its own base, in limits as in speedups', () => {
    const second = twoBlocks.map((one): Measurement => {
      const epochs = one.epochs.map((epoch) => ({ ...epoch, seconds: one.strategy === 'single' ? 2 : 1 }))
      return { ...one, id: `${one.id}+pytorch`, title: `${one.title} · PyTorch`, backend: 'pytorch', epochs }
    })
    const { limits, validity } = analyseRun(resultsOf([...twoBlocks, ...second]))

    expect(limits.map(({ baseId, engineTitle }) => [baseId, engineTitle])).toEqual([
      ['single', 'TensorFlow'],
      ['single+pytorch', 'PyTorch'],
    ])
    expect(limits.map(({ measured }) => measured.map(({ id, speedup }) => [id, speedup]))).toEqual([
      [['ddp', expect.closeTo(1 / 0.64)]],
      [['ddp+pytorch', expect.closeTo(2)]],
    ])
    expect(limits[1]?.input.baseImagesPerSecond).toBeCloseTo(320)
    expect(validity.findings.map(({ code }) => code)).not.toContain('no-base')
    const baseless = analyseRun(
      resultsOf([...twoBlocks, ...second.filter(({ strategy }) => strategy === 'ddp')]),
    )
    expect(baseless.validity.findings.filter(({ code }) => code === 'no-base')).toMatchObject([
      { strategies: ['ddp+pytorch'] },
    ])
  })

  it('judges how far it can be relied on', () => {
    const { badge, findings } = analyseRun(resultsOf(twoBlocks)).validity

    expect(badge).toBe('unreliable')
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['few-steps', 'not-watched']))
  })

  it('says nothing where there is nothing to say', () => {
    expect(analyseRun(resultsOf([]))).toMatchObject({ results: [], waterfalls: [], limits: [] })
    expect(analyseRun(resultsOf(twoBlocks.slice(0, 1)))).toMatchObject({ waterfalls: [], limits: [] })
  })
})
