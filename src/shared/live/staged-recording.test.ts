import { describe, expect, it } from 'vitest'
import type { LiveEvent, RecordedEvent } from './live-event.js'
import { groupSteps, plannedMeasurement, runSample, runStarted } from './live-run.fixture.js'
import { pauseBetweenMs, stagedRecording } from './staged-recording.js'

const [single, ddp] = [plannedMeasurement('single'), plannedMeasurement('ddp')]

function recorded(...events: [atMs: number, event: LiveEvent][]): RecordedEvent[] {
  return events.map(([atMs, event]) => ({ atMs, event }))
}

const training = (id: string): LiveEvent => ({ type: 'phase', id, phase: 'training', stepsPerEpoch: 2 })
const starting = (id: string): LiveEvent => ({ type: 'phase', id, phase: 'starting', stepsPerEpoch: null })
const steps = (id: string, from: number): LiveEvent => ({
  type: 'steps',
  id,
  steps: groupSteps(from, from + 1),
})

/** DDP happened to be measured first, after eleven seconds of loading. */
const recording = recorded(
  [0, runStarted([ddp, single])],
  [5, { type: 'measurement', measurement: ddp }],
  [6, starting('ddp')],
  [900, { type: 'telemetry', samples: [runSample(900)] }],
  [11_000, training('ddp')],
  [11_200, steps('ddp', 0)],
  [11_400, steps('ddp', 1)],
  [11_500, { type: 'warning', code: 'other-run', text: 'Another run went on' }],
  [11_600, { type: 'measurement', measurement: { ...ddp, status: 'completed' } }],
  [11_600, { type: 'measurement', measurement: single }],
  [20_000, training('single')],
  [20_300, steps('single', 0)],
  [20_600, { type: 'measurement', measurement: { ...single, status: 'completed' } }],
  [21_000, { type: 'run-finished', status: 'complete', finishedAtMs: 1_021_000 }],
)

describe('a recording for an audience', () => {
  const staged = stagedRecording(recording)
  const timesOf = (id: string) =>
    staged.filter(({ event }) => event.type === 'steps' && event.id === id).map(({ atMs }) => atMs)

  it('begins with the first step of Single, whenever that was measured', () => {
    expect(timesOf('single')).toEqual([300])
    expect(staged[0]?.event.type).toBe('run-started')
  })

  it('goes on with the next strategy after a breath, at the pace that was recorded', () => {
    const begins = 600 + pauseBetweenMs
    expect(timesOf('ddp')).toEqual([begins + 200, begins + 400])
  })

  it('keeps what is known of the run, never goes back in time, and ends with it', () => {
    const times = staged.map(({ atMs }) => atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(staged.at(-1)?.event.type).toBe('run-finished')
    expect(staged.some(({ event }) => event.type === 'warning')).toBe(true)
    expect(staged.some(({ event }) => event.type === 'telemetry')).toBe(false)
  })

  it('plays repeats block by block', () => {
    const again = { ...single, block: 1 }
    const blocks = recorded(
      [0, runStarted([ddp, single, again])],
      [10, steps('single#2', 0)],
      [20, steps('ddp', 0)],
      [30, steps('single', 0)],
    )
    const ids = stagedRecording(blocks).flatMap(({ event }) => (event.type === 'steps' ? [event.id] : []))
    expect(ids).toEqual(['single', 'ddp', 'single#2'])
  })

  it('shows what was measured again as it was in the end', () => {
    const disturbed = recorded(
      [0, runStarted([single])],
      [10, starting('single')],
      [20, steps('single', 0)],
      [30, starting('single')],
      [40, training('single')],
      [50, steps('single', 0)],
    )
    const found = stagedRecording(disturbed).filter(({ event }) => event.type === 'steps')
    expect(found.map(({ atMs }) => atMs)).toEqual([10])
  })

  it('is empty where no run begins', () => {
    expect(stagedRecording(recording.slice(1))).toEqual([])
  })
})
