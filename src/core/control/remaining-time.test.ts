import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { withoutSteps } from '../../shared/results/results.js'
import { fakeRun } from '../run/fake-run.fixture.js'
import { RemainingTime } from './remaining-time.js'

const { runId, configuration, machine, measurements } = fakeRun(
  { strategies: ['single'], epochs: 1 },
  'tensorflow',
)

const started: LiveEvent = {
  type: 'run-started',
  recordingVersion: 1,
  runId,
  startedAtMs: 0,
  configuration,
  machine,
  environment: null,
  measurements: measurements.map(withoutSteps),
  notes: [],
}

/** A run of Single on one core and on all, 2,000 images each. */
function begun(): RemainingTime {
  const remaining = new RemainingTime()
  remaining.follow(started, 0, 2_000)
  return remaining
}

describe('how long a run still takes', () => {
  it('is unknown before the first step, where nothing is known of it', () => {
    expect(begun().seconds(0)).toBeNull()
  })

  it('is known from the start where it was measured before', () => {
    const remaining = begun()
    remaining.expectCosts(
      measurements.map(({ id }, index) => ({ id, fixedMs: 1_000, imageMs: 2 - index, basis: 'measured' })),
    )
    expect(remaining.seconds(0)).toBeCloseTo(1 + 4 + 1 + 2)
  })

  it('is not taken from guesses', () => {
    const remaining = begun()
    remaining.expectCosts(measurements.map(({ id }) => ({ id, fixedMs: 1, imageMs: 1, basis: 'guess' })))
    expect(remaining.seconds(0)).toBeNull()
  })

  it('follows the steps of what is measured', () => {
    const remaining = begun()
    const step = { images: 100, stepMs: 500 }
    remaining.follow({ type: 'phase', id: 'single', phase: 'starting', stepsPerEpoch: null }, 0, 2_000)
    remaining.follow({ type: 'phase', id: 'single', phase: 'training', stepsPerEpoch: 20 }, 1_000, 2_000)
    remaining.follow({ type: 'steps', id: 'single', steps: [step] as never }, 1_500, 2_000)
    // 1,900 images and 2,000 at the same pace, and another start.
    expect(remaining.seconds(1_500)).toBeCloseTo(9.5 + 10 + 1)
  })
})
