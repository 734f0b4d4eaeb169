import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { noGpuFigures } from '../../shared/child/telemetry.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import { recordingVersion } from '../../shared/live/live-event.js'
import { parseRecording, replayEvents } from './recording.js'

/** Two samples by NVML and two by nvidia-smi, of the real sampler: see `src/sampler/gpus/gpu-recording.test.ts`. */
const lines = readFileSync(fileURLToPath(new URL('gpu-recording.fixture.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n')

async function* pieces(text: string): AsyncGenerator<string> {
  yield text
}

async function eventsOf(recorded: readonly string[]): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const event of parseRecording(pieces(recorded.join('\n')))) events.push(event)
  return events
}

async function gapsOf(recorded: readonly string[]): Promise<string[]> {
  return (await eventsOf(recorded)).flatMap(({ event }) => (event.type === 'warning' ? [event.text] : []))
}

const gpusOf = (events: readonly RecordedEvent[]) =>
  events.flatMap(({ event }) => (event.type === 'telemetry' ? event.samples.flatMap(({ gpus }) => gpus) : []))

/** The lines as they were before something was measured of GPUs. */
const without = (figure: string): string[] =>
  lines.map((line) => {
    const recorded = JSON.parse(line)
    for (const { gpus } of recorded.event.type === 'telemetry' ? recorded.event.samples : []) {
      for (const gpu of gpus) delete gpu[figure]
    }
    return JSON.stringify(recorded)
  })

describe('a recording with GPUs', () => {
  it('is read as a whole', async () => {
    const events = await eventsOf(lines)
    expect(events).toHaveLength(lines.length)
    expect(gpusOf(events)[0]).toMatchObject({ state: 'ok', utilisation: expect.any(Number) })
    const run = await replayEvents(parseRecording(pieces(lines.join('\n'))))
    expect(run?.devices.devices).toContain('GPU:0')
    expect(run?.head.warnings).toEqual([])
  })

  it.each(Object.keys(noGpuFigures))(
    'is read as a whole from before there was %s, which is null then',
    async (figure) => {
      const events = await eventsOf(without(figure))
      expect(events).toHaveLength(lines.length)
      const gpus = gpusOf(events)
      expect(gpus.length).toBeGreaterThan(0)
      for (const gpu of gpus) expect(gpu[figure as keyof typeof gpu]).toBeNull()
    },
  )

  it('is read as a whole from before recordings had a version, and with fields that are newer than this Tandem', async () => {
    const older = lines.map((line) => line.replace(`,"recordingVersion":${recordingVersion}`, ''))
    expect(older[0]).not.toBe(lines[0])
    const newer = lines.map((line) => line.replace('"gpus":[{', '"gpus":[{"fanPercent":40,'))
    for (const recorded of [older, newer]) {
      expect(await eventsOf(recorded)).toHaveLength(lines.length)
      expect(await gapsOf(recorded)).toEqual([])
    }
  })
})

describe('what cannot be read of a recording', () => {
  const broken = [
    '{"atMs":1,"event":{"type":"telemetry","samples":[{}]}}',
    'no JSON',
    '{"atMs":2,"event":{"type":"n',
  ]

  it('is passed over, counted and said', async () => {
    const recorded = [...lines.slice(0, 3), ...broken.slice(0, 2), ...lines.slice(3), ...broken.slice(2)]
    expect(await eventsOf(recorded)).toHaveLength(lines.length + 1)
    expect(await gapsOf(recorded)).toEqual([
      '3 lines of the recording could not be read, so charts may have gaps',
    ])
    const run = await replayEvents(parseRecording(pieces(recorded.join('\n'))))
    expect(run?.head.warnings.map(({ code }) => code)).toEqual(['recording-gaps'])
  })

  it('is counted too where a line is longer than any of Tandem', async () => {
    const long = `"${'a'.repeat(17 * 1024 * 1024)}"`
    expect(await gapsOf([...lines, long])).toEqual([
      '1 line of the recording could not be read, so charts may have gaps',
    ])
  })

  it('is said to be a newer Tandem’s where it is', async () => {
    const [first = '', ...rest] = lines
    const newer = first.replace(/"recordingVersion":\d+/, '"recordingVersion":99')
    expect(await gapsOf([newer, ...rest])).toEqual([
      'the recording is of a newer Tandem; what this one does not know is left out',
    ])
  })
})
