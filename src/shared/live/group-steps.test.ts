import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../child/trainer-protocol.js'
import { groupStepSchema } from './group-step.js'
import { GroupSteps } from './group-steps.js'

function record(changes: Partial<StepRecord>): StepRecord {
  return {
    epoch: 0,
    step: 0,
    loss: 2,
    images: 32,
    startedAtMs: 1000,
    stepMs: 100,
    dataWaitMs: 10,
    computeMs: 60,
    communicationMs: 20,
    updateMs: 10,
    arrivedAtMs: null,
    ...changes,
  }
}

describe('the steps of a group', () => {
  it('are those of the process where there is one', () => {
    const [step] = new GroupSteps(1).add(0, [record({})])

    expect(groupStepSchema.parse(step)).toEqual(step)
    expect(step).toMatchObject({ images: 32, loss: 2, stepMs: 100, endedAtMs: 1100, ranks: null })
  })

  it('are complete when the last rank has reported', () => {
    const steps = new GroupSteps(2)

    expect(steps.add(1, [record({ step: 0 }), record({ step: 1 })])).toEqual([])
    expect(steps.add(0, [record({ step: 0 })]).map(({ step }) => step)).toEqual([0])
    expect(steps.add(0, [record({ step: 1 })]).map(({ step }) => step)).toEqual([1])
  })

  it('weigh losses by images, take the slowest rank’s time and the mean of each phase', () => {
    const steps = new GroupSteps(2)
    steps.add(0, [record({ loss: 1, images: 30, stepMs: 100, computeMs: 60, arrivedAtMs: 1080 })])
    const [step] = steps.add(1, [
      record({ loss: 3, images: 10, stepMs: 120, computeMs: 80, arrivedAtMs: 1095.5 }),
    ])

    expect(step).toMatchObject({
      loss: 1.5,
      images: 40,
      stepMs: 120,
      computeMs: 70,
      endedAtMs: 1120,
      ranks: { stepMs: [100, 120], lateMs: [0, 15.5] },
    })
  })

  it('say nothing of arrivals unless every rank does', () => {
    const steps = new GroupSteps(2)
    steps.add(0, [record({ arrivedAtMs: 1080 })])

    expect(steps.add(1, [record({ arrivedAtMs: null })])[0]?.ranks?.lateMs).toBeNull()
  })
})
