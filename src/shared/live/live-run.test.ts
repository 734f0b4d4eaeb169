import { describe, expect, it } from 'vitest'
import type { LiveEvent } from './live-event.js'
import { liveEventSchema } from './live-event.js'
import { groupSteps, plannedMeasurement, runSample, runStarted } from './live-run.fixture.js'
import { LiveRun, liveRunLimits } from './live-run.js'
import { stepChannels } from './step-series.js'

const single = plannedMeasurement('single')
const ddp = plannedMeasurement('ddp')

const events: LiveEvent[] = [
  runStarted([single, ddp]),
  { type: 'note', text: 'quick: 640 images', samplesPerEpoch: 640 },
  { type: 'measurement', measurement: single },
  { type: 'phase', id: 'single', phase: 'starting', stepsPerEpoch: null },
  { type: 'telemetry', samples: [runSample(1_000_250)] },
  { type: 'phase', id: 'single', phase: 'training', stepsPerEpoch: 10 },
  { type: 'steps', id: 'single', steps: groupSteps(0, 20) },
  { type: 'log', lines: [{ source: 'Single', text: 'hello' }] },
  { type: 'measurement', measurement: { ...single, status: 'completed' } },
  { type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 10 },
  { type: 'steps', id: 'ddp', steps: groupSteps(0, 5, { stepMs: 60, lateMs: [0, 4] }) },
  { type: 'warning', code: 'other-run', text: 'another run' },
  { type: 'run-finished', status: 'cancelled', finishedAtMs: 1_009_000 },
]

function fold(list: readonly LiveEvent[]): LiveRun {
  const run = LiveRun.begin(list[0] as LiveEvent)
  if (run === null) throw new Error('the list does not begin a run')
  for (const event of list) run.apply(event)
  return run
}

describe('a run, folded from its events', () => {
  it('is of events that the contract knows', () => {
    for (const event of events) expect(liveEventSchema.parse(event)).toEqual(event)
  })

  it('has no steps of a measurement that it has not', () => {
    const run = fold(events)
    run.apply({ type: 'phase', id: 'dp', phase: 'training', stepsPerEpoch: 10 })
    run.apply({ type: 'steps', id: 'dp', steps: groupSteps(0, 20) })

    expect(run.steps('dp')).toBeUndefined()
    expect(run.toSnapshot().steps.map(({ id }) => id)).toEqual(['single', 'ddp'])
  })

  it('keeps no more notes and warnings than a run has, whoever wrote the recording', () => {
    const run = fold(events)
    for (let line = 0; line < 3_000; line++) {
      run.apply({ type: 'note', text: `note ${line}`, samplesPerEpoch: null })
      run.apply({ type: 'warning', code: 'other-run', text: `warning ${line}` })
    }
    expect(run.head.notes).toHaveLength(liveRunLimits.notes)
    expect(run.head.warnings).toHaveLength(liveRunLimits.warnings)
  })

  it('begins with run-started alone', () => {
    expect(LiveRun.begin(events[1] as LiveEvent)).toBeNull()
  })

  it('tells what it came to', () => {
    const { head, log, devices } = fold(events)

    expect(head).toMatchObject({
      status: 'cancelled',
      finishedAtMs: 1_009_000,
      configuration: { samplesPerEpoch: 640 },
      notes: ['Engine: WebAssembly', 'quick: 640 images'],
      warnings: [{ code: 'other-run', text: 'another run' }],
      current: null,
    })
    expect(head.measurements.map(({ id, status }) => [id, status])).toEqual([
      ['single', 'completed'],
      ['ddp', 'running'],
    ])
    expect(log).toEqual([{ source: 'Single', text: 'hello' }])
    expect(devices.devices).toEqual(['CPU', 'Core 0', 'Core 1'])
    expect(devices.of('CPU')?.mean(1, 0)).toBe(0.75)
    expect(devices.of('CPU')?.mean(0, 0)).toBe(0.25)
  })

  it('knows what is under way, until that has ended', () => {
    expect(fold(events.slice(0, 7)).head.current).toEqual({ id: 'single', phase: 'training' })
    expect(fold(events.slice(0, 9)).head.current).toBeNull()
  })

  it('derives rates, epochs and time from steps', () => {
    const series = fold(events).steps('single')
    const at = (channel: (typeof stepChannels)[number], step: number) =>
      series?.group.mean(stepChannels.indexOf(channel), step)

    expect(at('imagesPerSecond', 0)).toBe(640)
    expect(at('meanImagesPerSecond', 19)).toBeCloseTo(640)
    expect(at('epochs', 9)).toBe(1)
    expect(at('seconds', 19)).toBeCloseTo(2)
    expect(series?.meanImagesPerSecond).toBeCloseTo(640)
  })

  it('keeps the arrival of each rank', () => {
    const late = fold(events).steps('ddp')?.rankLateMs

    expect(late?.mean(0, 0)).toBe(0)
    expect(late?.mean(1, 4)).toBe(4)
  })

  it('goes on the same from a snapshot, wherever that was taken', () => {
    const whole = fold(events).toSnapshot()
    for (let cut = 1; cut < events.length; cut++) {
      const copy = LiveRun.fromSnapshot(JSON.parse(JSON.stringify(fold(events.slice(0, cut)).toSnapshot())))
      for (const event of events.slice(cut)) copy.apply(event)
      expect(copy.toSnapshot()).toEqual(whole)
    }
  })

  it('keeps a bounded log', () => {
    const run = fold(events.slice(0, 1))
    for (let index = 0; index < 3_000; index++) {
      run.apply({ type: 'log', lines: [{ source: 'DP', text: `${index}` }] })
    }

    expect(run.log).toHaveLength(2_000)
    expect(run.log.at(-1)?.text).toBe('2999')
  })
})
