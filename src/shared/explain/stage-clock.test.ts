import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitStepModel, predictStep } from '../limits/step-model.js'
import { type PhaseName, phases } from './phases.js'
import { predictedLanes } from './predicted-step.js'
import {
  lanePhase,
  leastPhaseSeconds,
  momentAt,
  phaseProgress,
  sameStopSeconds,
  slowdowns,
  spokenPhase,
  stageClock,
} from './stage-clock.js'
import type { Lane, StepLanes } from './step-lanes.js'

function step(...lanes: [PhaseName, number][][]): StepLanes {
  const rows = lanes.map((spans, device): Lane => {
    let atMs = 0
    return {
      device,
      rank: device,
      spans: spans.map(([phase, ms]) => {
        const fromMs = atMs
        atMs += ms
        return { phase, fromMs, toMs: atMs }
      }),
    }
  })
  const durationMs = Math.max(...rows.map(({ spans }) => spans.at(-1)?.toMs ?? 0))
  return {
    lanes: rows,
    durationMs,
    isShared: false,
    restMs: 0,
    restShare: 0,
    excessShare: 0,
    clocksDisagree: false,
  }
}

const twoRanks = step(
  [
    ['data-wait', 0.1],
    ['compute', 80],
    ['straggler-wait', 20],
    ['all-reduce', 10],
    ['update', 20],
  ],
  [
    ['data-wait', 0.1],
    ['compute', 100],
    ['all-reduce', 10],
    ['update', 20],
  ],
)

describe('the clock of a stage', () => {
  const clock = stageClock(twoRanks, 50)

  it('is slowed, and goes through a phase in a second where it would be too short to see', () => {
    expect(clock.beats.map(({ held, toMs }) => [held?.phase ?? null, Math.round(toMs * 10) / 10])).toEqual([
      ['data-wait', 0.1],
      [null, 100.1],
      ['all-reduce', 110.1],
      [null, 130.1],
    ])
    expect(clock.lengthSeconds).toBeCloseTo(120 * 0.05 + 2 * leastPhaseSeconds)
  })

  it('stops at each phase in turn', () => {
    expect(clock.stops.map(({ phase }) => phase)).toEqual([
      'data-wait',
      'compute',
      'straggler-wait',
      'all-reduce',
      'update',
    ])
    for (const { phase, atSeconds } of clock.stops) {
      expect(spokenPhase(twoRanks.lanes, momentAt(clock, atSeconds + 1e-6))).toBe(phase)
    }
  })

  it('holds a phase for each lane by itself where lanes go through it at different times', () => {
    const apart = step(
      [
        ['compute', 80],
        ['send', 2],
        ['straggler-wait', 30],
        ['all-reduce', 30],
      ],
      [
        ['compute', 110],
        ['send', 2],
        ['all-reduce', 30],
      ],
    )
    const { beats, stops } = stageClock(apart, 50)
    expect(
      beats.flatMap(({ held, toMs }) => (held === null ? [] : [[held.phase, held.devices, toMs]])),
    ).toEqual([
      ['send', [0], 82],
      ['send', [1], 112],
    ])
    expect(stops.map(({ phase }) => phase)).toEqual([
      'compute',
      'send',
      'straggler-wait',
      'send',
      'all-reduce',
    ])
  })

  it('knows what each lane does', () => {
    const [first, second] = twoRanks.lanes as [Lane, Lane]
    const waiting = momentAt(clock, (clock.stops[2]?.atSeconds ?? 0) + 0.2)
    expect([lanePhase(first, waiting), lanePhase(second, waiting)]).toEqual(['straggler-wait', 'compute'])
    expect(phaseProgress(clock, first, 'compute', waiting)).toBe(1)
    expect(phaseProgress(clock, second, 'compute', waiting)).toBeCloseTo(0.84)
    expect(phaseProgress(clock, first, 'update', waiting)).toBe(0)
  })

  it('draws a held phase from its beginning to its end, and the clock goes with it', () => {
    const [first] = twoRanks.lanes as [Lane, Lane]
    const atSeconds = clock.stops.find(({ phase }) => phase === 'all-reduce')?.atSeconds ?? 0
    const progress = [-0.01, 0.25, 0.75, 1.01].map((seconds) =>
      phaseProgress(clock, first, 'all-reduce', momentAt(clock, atSeconds + seconds)),
    )
    expect(progress.map((share) => Math.round(share * 100))).toEqual([0, 25, 75, 100])
    const clockMs = [0, 0.5, 1].map((seconds) => momentAt(clock, atSeconds + seconds).clockMs)
    expect(clockMs.map((ms) => Math.round(ms * 10) / 10)).toEqual([100.1, 105.1, 110.1])
  })

  it('runs from the first to the last millisecond without going back, at any pace', () => {
    const spans = fc.array(
      fc.tuple(
        fc.constantFrom<PhaseName[]>('compute', 'all-reduce', 'update', 'rest', 'data-wait'),
        fc.double({ min: 0.001, max: 300, noNaN: true }),
      ),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(
        fc.array(spans, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...slowdowns),
        (rows, slowdown) => {
          // A phase comes once in a step.
          const once = rows.map((row) => [...new Map(row)])
          const lanes = step(...(once as [PhaseName, number][][]))
          const clock = stageClock(lanes, slowdown)
          const shown = Array.from({ length: 101 }, (_, part) =>
            momentAt(clock, (clock.lengthSeconds * part) / 100),
          )
          for (const [index, { clockMs }] of shown.entries()) {
            expect(clockMs).toBeGreaterThanOrEqual((shown[index - 1]?.clockMs ?? 0) - 1e-9)
          }
          expect(shown[0]?.clockMs).toBeCloseTo(0, 9)
          expect(shown.at(-1)?.clockMs).toBeCloseTo(lanes.durationMs, 6)
          // From its stop on, every phase is drawn for a second, less what one that began just before a held one gives up.
          const leastSeconds = leastPhaseSeconds - sameStopSeconds
          for (const { phase, atSeconds } of clock.stops) {
            expect(phases[phase].kind).not.toBe('rest')
            expect(clock.lengthSeconds - atSeconds).toBeGreaterThanOrEqual(leastSeconds - 1e-6)
          }
        },
      ),
    )
  })
})

describe('a step from the model', () => {
  const model = fitStepModel({
    devices: 2,
    perDeviceBatchSize: 64,
    stepMs: 150,
    communicationMs: 20,
    updateMs: 20,
    gradientBytes: 44_700_000,
  })
  if (model === null) throw new Error('no model')

  it('is the measured step where nothing is changed', () => {
    const lanes = predictedLanes(model, { devices: 2, perDeviceBatchSize: 64, linkFactor: 1, slowRank: null })
    expect(lanes.durationMs).toBeCloseTo(150)
    expect(lanes.lanes.map(({ spans }) => spans.map(({ phase }) => phase))).toEqual([
      ['compute', 'all-reduce', 'update'],
      ['compute', 'all-reduce', 'update'],
    ])
  })

  it('is what the limits predict for other devices and batches', () => {
    for (const devices of [2, 4, 8]) {
      for (const perDeviceBatchSize of [16, 64, 256]) {
        const lanes = predictedLanes(model, { devices, perDeviceBatchSize, linkFactor: 1, slowRank: null })
        expect(lanes.durationMs).toBeCloseTo(predictStep(model, 500, { devices, perDeviceBatchSize }).stepMs)
      }
    }
  })

  it('has all ranks wait for a slow one', () => {
    const lanes = predictedLanes(model, {
      devices: 3,
      perDeviceBatchSize: 64,
      linkFactor: 2,
      slowRank: { rank: 1, factor: 1.5 },
    })
    const waits = lanes.lanes.map(({ spans }) => {
      const wait = spans.find(({ phase }) => phase === 'straggler-wait')
      return wait === undefined ? 0 : Math.round(wait.toMs - wait.fromMs)
    })
    expect(waits).toEqual([55, 0, 55])
  })
})
