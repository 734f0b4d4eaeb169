import { describe, expect, it } from 'vitest'
import { mostCores, mostRanks } from '../../shared/bounds.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { groupSteps, plannedMeasurement, runSample, runStarted } from '../../shared/live/live-run.fixture.js'
import { type LiveRun, liveRunLimits } from '../../shared/live/live-run.js'
import { parseRecording, replayEvents } from './recording.js'

/*
 * A recording can be anybody's: it comes in bundles. What it says must cost no more memory than its own text, whatever
 * numbers and names stand in it.
 */

const ddp = plannedMeasurement('ddp')

async function replayed(events: Iterable<unknown>, planned = [ddp]): Promise<LiveRun> {
  async function* text(): AsyncGenerator<string> {
    yield `${JSON.stringify({ atMs: 0, event: runStarted(planned) })}\n`
    for (const event of events) yield `${JSON.stringify({ atMs: 1, event })}\n`
  }
  const run = await replayEvents(parseRecording(text()))
  if (run === null) throw new Error('it does not begin')
  return run
}

const gap = { code: 'recording-gaps', text: expect.stringContaining('1 line of the recording') }

describe('a hostile recording', () => {
  it('with steps of many measurements that were never planned has none of them', async () => {
    function* steps(): Generator<LiveEvent> {
      for (let index = 0; index < 20_000; index++)
        yield { type: 'steps', id: `made-up ${index}`, steps: groupSteps(0, 1) }
    }
    const run = await replayed(steps())
    expect(run.toSnapshot().steps).toEqual([])
  })

  it('with samples of ever more devices has some of them', async () => {
    function* samples(): Generator<LiveEvent> {
      for (let index = 0; index < 200; index++) {
        const trainers = Array.from({ length: 100 }, (_, one) => ({
          pid: 1,
          coresUsed: 1,
          memoryBytes: 1,
          name: `made-up ${index} ${one}`,
        }))
        yield { type: 'telemetry', samples: [runSample(1_000_000 + index, { trainers })] }
      }
    }
    const run = await replayed(samples())
    expect(run.devices.devices.length).toBeLessThan(10_000)
  })

  it.each<[string, unknown]>([
    [
      'more ranks than there can be',
      { type: 'steps', id: 'ddp', steps: groupSteps(0, 1, { lateMs: new Array(mostRanks + 1).fill(0) }) },
    ],
    [
      'more cores than there can be',
      {
        type: 'telemetry',
        samples: [
          runSample(1_000_000, { cpu: { ...runSample(0).cpu, cores: new Array(mostCores + 1).fill(0) } }),
        ],
      },
    ],
    ['a world beyond all measure', { type: 'measurement', measurement: { ...ddp, worldSize: 1e9 } }],
    ['an end that is no date', { type: 'run-finished', status: 'complete', finishedAtMs: 1e300 }],
  ])('with %s has a gap there', async (_what, event) => {
    const run = await replayed([event])
    expect(run.head.warnings).toEqual([gap])
    expect(run.head.measurements).toEqual([ddp])
    expect(run.head.finishedAtMs).toBeNull()
  })

  it('with ever more measurements has no more than a run can have', async () => {
    const most = liveRunLimits.measurements
    const planned = Array.from({ length: most - 1 }, (_, block) => ({ ...ddp, block }))
    const more = [most, most + 1, most + 2].map(
      (block): LiveEvent => ({ type: 'measurement', measurement: { ...ddp, block } }),
    )
    expect((await replayed(more, planned)).head.measurements).toHaveLength(most)
  })
})
