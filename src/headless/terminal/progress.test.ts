import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import { ProgressTracker } from './progress.js'

function steps(first: number, count: number, changes: Partial<StepRecord> = {}): StepRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    epoch: 0,
    step: first + index,
    loss: 2,
    images: 10,
    startedAtMs: 0,
    stepMs: 100,
    dataWaitMs: 0,
    computeMs: 100,
    communicationMs: 0,
    updateMs: 0,
    arrivedAtMs: null,
    ...changes,
  }))
}

describe('the progress of a measurement', () => {
  it('is unknown before the first step', () => {
    const tracker = new ProgressTracker(2)
    tracker.warmedUp(30)
    expect(tracker.current()).toBeNull()
  })

  it("tells rank 0's position, the loss and the rate", () => {
    const tracker = new ProgressTracker(2)
    tracker.warmedUp(30)
    tracker.add(0, steps(0, 9))
    tracker.add(0, steps(9, 1, { loss: 1.5 }))
    expect(tracker.current()).toEqual({
      epoch: 1,
      epochs: 2,
      step: 10,
      stepsPerEpoch: 30,
      loss: 1.5,
      imagesPerSecond: 100,
    })
  })

  it('adds up the rates of all ranks', () => {
    const tracker = new ProgressTracker(1)
    tracker.warmedUp(30)
    tracker.add(0, steps(0, 5))
    tracker.add(1, steps(0, 5, { stepMs: 200 }))
    expect(tracker.current()?.imagesPerSecond).toBeCloseTo(150)
  })

  it('follows a change of pace', () => {
    const tracker = new ProgressTracker(1)
    tracker.warmedUp(1000)
    tracker.add(0, steps(0, 100, { stepMs: 1000 }))
    tracker.add(0, steps(100, 20))
    expect(tracker.current()?.imagesPerSecond).toBeCloseTo(100)
  })
})
