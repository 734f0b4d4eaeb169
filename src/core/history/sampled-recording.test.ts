import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveEvent, RecordedEvent } from '../../shared/live/live-event.js'
import { groupSteps, plannedMeasurement, runSample, runStarted } from '../../shared/live/live-run.fixture.js'
import { replayEvents } from './recording.js'
import { readRecordingPart, readSampledRecording, Sampling } from './sampled-recording.js'

let folder: string
let short: string
let long: string
const longSteps = 1_000
/** So small that the long one is long. */
const limits = { wholeBytes: 200_000, mostKept: 400_000, partBytes: 50_000 }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-sampled-'))
  short = join(folder, 'short.jsonl')
  long = join(folder, 'long.jsonl')
  await writeFile(short, recordingOf(100, 1))
  // A step of 64 ranks has more than a kilobyte.
  await writeFile(long, recordingOf(longSteps, 64))
})
afterAll(() => rm(folder, { recursive: true }))

function recordingOf(steps: number, ranks: number): string {
  const ddp = plannedMeasurement('ddp', { worldSize: ranks })
  const lateMs = ranks === 1 ? null : Array.from({ length: ranks }, (_, rank) => rank / 8)
  const events: [number, LiveEvent][] = [
    [0, runStarted([ddp])],
    [1, { type: 'measurement', measurement: ddp }],
    [2, { type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 100 }],
  ]
  for (let step = 0; step < steps; step++) {
    events.push([
      step * 100,
      { type: 'steps', id: 'ddp', steps: groupSteps(step, step + 1, { perEpoch: 100, lateMs }) },
    ])
    if (step % 10 === 0)
      events.push([step * 100, { type: 'telemetry', samples: [runSample(1_000_000 + step)] }])
  }
  events.push([steps * 100, { type: 'measurement', measurement: { ...ddp, status: 'completed' } }])
  events.push([steps * 100, { type: 'run-finished', status: 'complete', finishedAtMs: 1 }])
  return events.map(([atMs, event]) => `${JSON.stringify({ atMs, event })}\n`).join('')
}

async function all(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const read: RecordedEvent[] = []
  for await (const event of events) read.push(event)
  return read
}

async function inParts(path: string): Promise<{ events: RecordedEvent[]; parts: number }> {
  const events: RecordedEvent[] = []
  let parts = 0
  for (let from: number | null = 0; from !== null; parts++) {
    const part = await readRecordingPart(path, from, undefined, limits)
    events.push(...part.events)
    from = part.next
  }
  return { events, parts }
}

function kinds(events: readonly RecordedEvent[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { event } of events) counts[event.type] = (counts[event.type] ?? 0) + 1
  return counts
}

describe('a short recording', () => {
  it('is read as a whole, in one go and in parts', async () => {
    const events = await all(readSampledRecording(short, undefined, limits))

    expect(kinds(events)).toMatchObject({ steps: 100, telemetry: 10 })
    expect(events.some(({ event }) => event.type === 'note')).toBe(false)
    expect((await inParts(short)).events).toEqual(events)
  })

  it('has no part after its end', async () => {
    expect(await readRecordingPart(short, 1e9)).toEqual({ events: [], next: null })
  })

  it('passes over the line in whose middle a part begins', async () => {
    const { events } = await readRecordingPart(short, 10)

    expect(events[0]?.event.type).toBe('measurement')
  })
})

describe('a very long recording', () => {
  it('is thinned evenly, keeps all that is rare, and says so', async () => {
    const { oneIn } = new Sampling((await stat(long)).size, limits)
    expect(oneIn).toBeGreaterThan(1)
    const events = await all(readSampledRecording(long, undefined, limits))

    expect(kinds(events)).toEqual({
      'run-started': 1,
      note: 1,
      measurement: 2,
      phase: 1,
      steps: Math.ceil(longSteps / oneIn),
      telemetry: Math.ceil(longSteps / 10 / oneIn),
      'run-finished': 1,
    })
    expect(events[1]?.event).toMatchObject({ text: expect.stringContaining(`one in ${oneIn}`) })
  })

  it('has its steps where they were', async () => {
    const run = await replayEvents(readSampledRecording(long, undefined, limits))
    const series = run?.steps('ddp')?.group

    expect(run?.head.status).toBe('complete')
    expect(series?.maximum(0, series.bucketCount - 1)).toBeGreaterThan(longSteps - 20)
  })

  it('comes in parts that are thinned alike', async () => {
    const { events, parts } = await inParts(long)
    const whole = await all(readSampledRecording(long, undefined, limits))

    expect(parts).toBeGreaterThan(1)
    // Each part begins to count anew.
    expect(Math.abs(events.length - whole.length)).toBeLessThanOrEqual(2 * parts)
    expect(kinds(events)).toMatchObject({ 'run-started': 1, note: 1, measurement: 2, 'run-finished': 1 })
  })

  it('is given up when nobody waits for it any more', async () => {
    const reason = new Error('left')
    await expect(all(readSampledRecording(long, AbortSignal.abort(reason)))).rejects.toBe(reason)
    await expect(readRecordingPart(long, 0, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('of which nothing is what Tandem writes is not read without end', async () => {
    const odd = join(folder, 'spaced.jsonl')
    const lines = (await readFile(long, 'utf8')).replaceAll('{"atMs":', '{ "atMs":')
    await writeFile(odd, lines)

    const read = await all(readSampledRecording(odd, undefined, limits))
    expect(JSON.stringify(read).length).toBeLessThan(lines.length)
    expect(read.at(-1)?.event).toMatchObject({
      code: 'recording-gaps',
      text: expect.stringMatching(/^[\d,]+ lines of the recording are beyond what a run records/),
    })
  })

  it('goes on after a line that is longer than any event', async () => {
    const odd = join(folder, 'odd.jsonl')
    await writeFile(odd, recordingOf(1, 1))
    // Zeros, no end of a line.
    await truncate(odd, 40 * 2 ** 20)

    const { events } = await inParts(odd)
    expect(kinds(events)).toMatchObject({ 'run-started': 1, steps: 1 })
  })
})
