import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../child/trainer-protocol.js'
import { meanPhases } from './mean-phases.js'
import { stragglerWaitMs } from './straggler-wait.js'

function record(step: number, changes: Partial<StepRecord> = {}): StepRecord {
  return {
    epoch: 0,
    step,
    loss: 2,
    images: 64,
    startedAtMs: 0,
    stepMs: 100,
    dataWaitMs: 1,
    computeMs: 80,
    communicationMs: 10,
    updateMs: 5,
    arrivedAtMs: null,
    ...changes,
  }
}

/** One rank's steps that arrived at these times. */
const arriving = (...arrivals: number[]) => arrivals.map((arrivedAtMs, step) => record(step, { arrivedAtMs }))

describe('the mean step of a rank', () => {
  it('averages every phase, and the images, a smaller last batch included', () => {
    expect(meanPhases([record(0), record(1, { images: 16, stepMs: 40, computeMs: 20 })])).toEqual({
      images: 40,
      stepMs: 70,
      dataWaitMs: 1,
      computeMs: 50,
      communicationMs: 10,
      updateMs: 5,
    })
  })

  it('has the parts of DP where every step has them', () => {
    const parts = { scatterMs: 1, replicateMs: 2, forwardMs: 20, gatherMs: 1, backwardMs: 50, reduceMs: 4 }
    const steps = [record(0, parts), record(1, { ...parts, reduceMs: 8 })]
    expect(meanPhases(steps)).toMatchObject({ ...parts, reduceMs: 6 })
    expect(meanPhases([...steps, record(2)])).not.toHaveProperty('reduceMs')
  })

  it('is not there without a step', () => {
    expect(meanPhases([])).toBeNull()
  })
})

describe('waiting for the slowest rank', () => {
  it('is how long ranks were there before the last one, on the mean of ranks and steps', () => {
    // Step 0: 0 and 8 ms; step 1: 2 and 0 ms.
    expect(stragglerWaitMs([arriving(1008, 1100), arriving(1000, 1102)])).toBe((4 + 1) / 2)
  })

  it('counts only steps that all ranks recorded', () => {
    expect(stragglerWaitMs([arriving(1000, 1100), arriving(1010)])).toBe(5)
  })

  it('is unknown without arrivals', () => {
    expect(stragglerWaitMs([])).toBeNull()
    expect(stragglerWaitMs([[record(0)], [record(0)]])).toBeNull()
  })

  it('is not negative, 0 for one rank, and the same whichever rank is named first and whenever it began', () => {
    const group = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
      .chain(([ranks, steps]) => {
        const rank = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: steps, maxLength: steps })
        return fc.array(rank, { minLength: ranks, maxLength: ranks })
      })
    fc.assert(
      fc.property(group, fc.integer({ min: 0, max: 1e6 }), (arrivals, beginMs) => {
        const waits = (ranks: number[][]) => stragglerWaitMs(ranks.map((rank) => arriving(...rank))) as number
        const wait = waits(arrivals)
        expect(wait).toBeGreaterThanOrEqual(0)
        if (arrivals.length === 1) expect(wait).toBe(0)
        expect(waits([...arrivals].reverse())).toBeCloseTo(wait, 9)
        expect(waits(arrivals.map((rank) => rank.map((arrival) => arrival + beginMs)))).toBeCloseTo(wait, 6)
      }),
    )
  })
})
