import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../child/trainer-protocol.js'
import { devicesOfRun } from '../machine/device.js'
import { type Measurement, resultsSchema } from '../results/results.js'
import { meanPhases } from '../waterfall/mean-phases.js'
import { imagesAt, paceOf } from './pace.js'
import { type PhaseName, phases } from './phases.js'
import { mostExcessShare, mostRestShare, pickSteps } from './pick-steps.js'
import { recordedSteps, stepContext } from './recorded-step.js'
import { type StepLanes, stepLanes } from './step-lanes.js'
import { foldIntoBars, stepWaterfall } from './step-waterfall.js'

/** Real steps: the example run that ships with Tandem. */
const example = resultsSchema.parse(
  JSON.parse(
    readFileSync(
      new URL('../../../resources/recorded-runs/20261125-110450-8ae568/results.json', import.meta.url),
      'utf8',
    ),
  ),
)

function measured(id: string): Measurement {
  const found = example.measurements.find((measurement) => measurement.id === id)
  if (found === undefined) throw new Error(`the example has no ${id}`)
  return found
}

const phaseMs = ({ lanes }: StepLanes, lane: number) =>
  Object.fromEntries((lanes[lane]?.spans ?? []).map(({ phase, fromMs, toMs }) => [phase, toMs - fromMs]))

const total = (lanes: StepLanes, lane: number, but: PhaseName[] = []) =>
  Object.entries(phaseMs(lanes, lane))
    .filter(([phase]) => !but.includes(phase as PhaseName))
    .reduce((sum, [, ms]) => sum + ms, 0)

function record(changes: Partial<StepRecord> = {}): StepRecord {
  return {
    epoch: 0,
    step: 0,
    loss: 2,
    images: 64,
    startedAtMs: 1_000,
    stepMs: 100,
    dataWaitMs: 2,
    computeMs: 70,
    communicationMs: 18,
    updateMs: 10,
    arrivedAtMs: null,
    ...changes,
  }
}

describe('the lanes of real steps', () => {
  it('of DDP in host memory add up to the recorded step within 1 %, without a remainder', () => {
    for (const step of recordedSteps(measured('ddp'))) {
      const lanes = stepLanes(step, 2)
      expect(lanes.lanes.map(({ device, rank }) => [device, rank])).toEqual([
        [0, 0],
        [1, 1],
      ])
      for (const [rank, { stepMs }] of step.ranks.entries()) {
        expect(Math.abs(total(lanes, rank, ['rest', 'between']) - stepMs) / stepMs).toBeLessThan(0.01)
      }
      expect(lanes.clocksDisagree).toBe(false)
    }
  })

  it('of DDP have every rank through the exchange at one time', () => {
    for (const step of recordedSteps(measured('ddp'))) {
      const ends = stepLanes(step, 2).lanes.map(
        ({ spans }) => spans.find(({ phase }) => phase === 'all-reduce')?.toMs ?? 0,
      )
      expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 0))).toBeLessThan(2)
    }
  })

  it("of DP are the process's on both devices, and what its phases leave over is at most a tenth of a picked step", () => {
    const steps = recordedSteps(measured('dp'))
    const { typical } = pickSteps(steps, 2)
    const lanes = stepLanes(steps[typical as number] as (typeof steps)[number], 2)
    expect(lanes.isShared).toBe(true)
    expect(lanes.lanes[0]?.spans).toEqual(lanes.lanes[1]?.spans)
    expect(lanes.restShare).toBeLessThanOrEqual(mostRestShare)
    expect(Object.keys(phaseMs(lanes, 0))).toEqual([
      'data-wait',
      'scatter',
      'replicate',
      'forward',
      'gather',
      'backward',
      'reduce',
      'update',
      'rest',
      'between',
    ])
  })

  it('of Single are one block, with the other device idle', () => {
    const single = measured('single')
    const [step] = recordedSteps(single)
    expect(Object.keys(phaseMs(stepLanes(step as NonNullable<typeof step>, 1), 0))).toEqual([
      'data-wait',
      'compute',
      'between',
    ])
    const all = devicesOfRun(example.measurements)
    expect(stepContext(single, all).idleDevices.map(({ index }) => index)).toEqual([1])
    expect(stepContext(measured('single-all-cores'), all).idleDevices).toEqual([])
    expect(stepContext(measured('ddp'), all).idleDevices).toEqual([])
  })
})

describe('lanes', () => {
  it('tell apart handing over, waiting for the last rank, and the sum', () => {
    const lanes = stepLanes(
      {
        ranks: [
          record({ arrivedAtMs: 1_074 }),
          record({ computeMs: 80, communicationMs: 8, arrivedAtMs: 1_084 }),
        ],
      },
      2,
    )
    expect(phaseMs(lanes, 0)).toEqual({
      'data-wait': 2,
      compute: 70,
      send: 2,
      'straggler-wait': 10,
      'all-reduce': 6,
      update: 10,
    })
    expect(phaseMs(lanes, 1)).toEqual({ 'data-wait': 2, compute: 80, send: 2, 'all-reduce': 6, update: 10 })
  })

  it('are one block of exchange where arrivals are not known', () => {
    expect(phaseMs(stepLanes({ ranks: [record(), record()] }, 2), 0)).toEqual({
      'data-wait': 2,
      compute: 70,
      'all-reduce': 18,
      update: 10,
    })
  })

  it('say that clocks disagree where a rank arrived outside its own exchange', () => {
    const ranks = [record({ arrivedAtMs: 1_074 }), record({ arrivedAtMs: 1_200 })]
    expect(stepLanes({ ranks }, 2).clocksDisagree).toBe(true)
  })

  it('say by how much phases exceed the step, and such a step is not picked', () => {
    const wrong = stepLanes({ ranks: [record({ computeMs: 90 })] }, 1)
    expect(wrong.excessShare).toBeCloseTo(0.2)
    const steps = recordedSteps(measured('ddp'))
    const planted = steps.map((step) =>
      step.index % 2 === 0
        ? step
        : {
            ...step,
            ranks: step.ranks.map((rank) => ({ ...rank, updateMs: rank.updateMs + 0.02 * rank.stepMs })),
          },
    )
    for (const index of Object.values(pickSteps(planted, 2))) expect((index as number) % 2).toBe(0)
    expect(stepLanes(planted[1] as (typeof planted)[number], 2).excessShare).toBeGreaterThan(mostExcessShare)
  })

  it('draw all of a step, whatever its phases', () => {
    const ms = fc.double({ min: 0, max: 50, noNaN: true })
    const any = fc.record({ dataWaitMs: ms, computeMs: ms, communicationMs: ms, updateMs: ms, gapMs: ms })
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (rows) => {
        const ranks = rows.map(({ gapMs, ...row }) =>
          record({
            ...row,
            stepMs: row.dataWaitMs + row.computeMs + row.communicationMs + row.updateMs + gapMs,
            arrivedAtMs: 1_000 + row.dataWaitMs + row.computeMs,
          }),
        )
        const lanes = stepLanes({ ranks }, ranks.length)
        for (const [rank, { stepMs }] of ranks.entries()) expect(total(lanes, rank)).toBeCloseTo(stepMs, 3)
        for (const { spans } of lanes.lanes) {
          for (const [index, span] of spans.entries()) {
            if (index > 0) expect(span.fromMs).toBeCloseTo(spans[index - 1]?.toMs ?? 0, 9)
          }
        }
      }),
    )
  })
})

describe('picked steps', () => {
  it('are typical, with a straggler, and without', () => {
    const steps = recordedSteps(measured('ddp'))
    const picked = pickSteps(steps, 2)
    const wait = (index: number | null) => {
      const arrivals = steps[index as number]?.ranks.map(({ arrivedAtMs }) => arrivedAtMs as number) ?? []
      return Math.max(...arrivals) - Math.min(...arrivals)
    }
    expect(wait(picked.straggler)).toBeGreaterThan(wait(picked.typical))
    expect(wait(picked.even)).toBeLessThan(wait(picked.typical))
    expect(steps[picked.typical as number]?.epoch).toBeGreaterThan(0)
  })

  it('are none where nothing was recorded, and without arrivals only a typical one', () => {
    expect(pickSteps([], 2)).toEqual({ typical: null, straggler: null, even: null })
    const { typical, straggler } = pickSteps(recordedSteps(measured('single')), 1)
    expect(typical).not.toBeNull()
    expect(straggler).toBeNull()
  })
})

describe('a step folded into its waterfall', () => {
  const base = meanPhases(measured('single').ranks[0]?.steps ?? [])
  it.each(['dp', 'ddp'])('conserves milliseconds: %s', (id) => {
    const measurement = measured(id)
    for (const step of recordedSteps(measurement)) {
      const waterfall = stepWaterfall(step, {
        strategy: measurement.strategy,
        base: base as NonNullable<typeof base>,
        devices: 2,
        unit: 'image',
      })
      if (waterfall === null) throw new Error('nothing to explain')
      const lanes = stepLanes(step, 2)
      const folded = foldIntoBars(lanes, waterfall)
      const meanStepMs = step.ranks.reduce((sum, { stepMs }) => sum + stepMs, 0) / step.ranks.length
      expect(folded.reduce((sum, { collectedMs }) => sum + collectedMs, 0)).toBeCloseTo(meanStepMs, 1)
      const bars = folded.reduce((sum, { bar }) => sum + bar.msPerStep, waterfall.idealMs)
      expect(bars).toBeCloseTo(Math.max(...step.ranks.map(({ stepMs }) => stepMs)), 6)
      // What has no share in the ideal is in its bar as it was on the lanes.
      for (const { bar, collectedMs } of folded) {
        if (['scatter', 'replicate', 'gather', 'reduce', 'straggler-wait', 'all-reduce'].includes(bar.name))
          expect(collectedMs).toBeCloseTo(bar.msPerStep, 3)
      }
    }
  })

  it('has a bar for every phase', () => {
    const folded = foldIntoBars(
      { isShared: false, lanes: [{ device: 0, rank: 0, spans: [{ phase: 'send', fromMs: 0, toMs: 3 }] }] },
      {
        idealMs: 1,
        measuredMs: 4,
        bars: [{ name: 'unexplained', title: '', msPerStep: 3, shareOfIdeal: 3 }],
      },
    )
    expect(folded).toMatchObject([{ phases: ['send'], collectedMs: 3 }])
    expect(Object.keys(phases)).toContain('send')
  })
})

describe('the pace of a measurement', () => {
  it('goes from nothing to all images of its epochs, and never back', () => {
    const ddp = measured('ddp')
    const pace = paceOf(ddp)
    expect(pace[0]).toEqual({ seconds: 0, images: 0 })
    expect(pace.at(-1)?.images).toBe(ddp.epochs.reduce((sum, { images }) => sum + images, 0))
    for (const [index, { seconds, images }] of pace.entries()) {
      if (index === 0) continue
      expect(seconds).toBeGreaterThan(pace[index - 1]?.seconds ?? 0)
      expect(images).toBeGreaterThan(pace[index - 1]?.images ?? 0)
    }
  })

  it('is even between steps, and stands at the end', () => {
    const pace = [
      { seconds: 0, images: 0 },
      { seconds: 2, images: 100 },
      { seconds: 3, images: 200 },
    ]
    expect([-1, 0, 1, 2.5, 9].map((seconds) => imagesAt(pace, seconds))).toEqual([0, 0, 50, 150, 200])
  })
})
