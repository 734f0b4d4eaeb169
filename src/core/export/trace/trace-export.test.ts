import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noGpuFigures } from '../../../shared/child/telemetry.js'
import { runSample } from '../../../shared/live/live-run.fixture.js'
import type { Measurement, Results } from '../../../shared/results/results.js'
import type { ExportSource } from '../export-source.js'
import { completeRun, filesOf, partialRun, recordingOf, sourceOf } from '../exported-run.fixture.js'
import { traceExport } from './trace-export.js'
import { type CompleteEvent, crossings, type Trace, traceSchema } from './trace-schema.fixture.js'

async function traceOf(source: ExportSource): Promise<Trace> {
  const [file] = (await filesOf(traceExport.files(source))).values()
  return traceSchema.parse(JSON.parse(String(file)))
}

function slicesOf({ traceEvents }: Trace): CompleteEvent[] {
  return traceEvents.filter((event) => event.ph === 'X')
}

/** The names of processes and threads, as `process / thread`, by `pid tid`. */
function namesOf({ traceEvents }: Trace): Map<string, string> {
  const metadata = traceEvents.filter((event) => event.ph === 'M')
  const processes = new Map(
    metadata.flatMap((event) => (event.name === 'process_name' ? [[event.pid, event.args.name]] : [])),
  )
  return new Map(
    metadata.flatMap((event) =>
      event.name === 'thread_name'
        ? [[`${event.pid} ${event.tid}`, `${processes.get(event.pid)} / ${event.args.name}`]]
        : [],
    ),
  )
}

/** Slices as `process / thread: name from to`, in milliseconds since the trace began. */
async function timeLine(source: ExportSource, only: RegExp): Promise<string[]> {
  const trace = await traceOf(source)
  const names = namesOf(trace)
  return slicesOf(trace)
    .map(
      ({ pid, tid, name, ts, dur }) =>
        `${names.get(`${pid} ${tid}`)}: ${name} ${ts / 1000} to ${(ts + dur) / 1000}`,
    )
    .filter((line) => only.test(line))
}

describe('a trace', () => {
  it('has the documented fields and no others, an event a line', async () => {
    const [file] = (await filesOf(traceExport.files(sourceOf(completeRun())))).values()
    const lines = String(file).trim().split('\n')

    const trace = traceSchema.parse(JSON.parse(String(file)))
    expect(lines).toHaveLength(trace.traceEvents.length + 2)
  })

  it('has a process for each repeat of each strategy, and a thread for each rank', async () => {
    expect([...namesOf(await traceOf(sourceOf(completeRun()))).values()].slice(0, 8)).toEqual([
      'Machine workstation / Run',
      'Single, repeat 1 / Epochs',
      'Single, repeat 1 / Rank 0 on CPU:0',
      'DP, repeat 1 / Epochs',
      'DP, repeat 1 / Rank 0 on CPU:0, CPU:1',
      'DDP, repeat 1 / Epochs',
      'DDP, repeat 1 / Rank 0 on CPU:0',
      'DDP, repeat 1 / Rank 1 on CPU:1',
    ])
  })

  it('shows the phases of a step within it, in their order, and who waited for whom', async () => {
    const rank0 = await timeLine(sourceOf(completeRun()), /^DDP, repeat 1 \/ Rank 0/)

    expect(rank0.slice(0, 6).map((line) => line.replace(/^.*: /, ''))).toEqual([
      'Step 0 12000 to 12100',
      'Waiting for data 12000 to 12002',
      'Forward and backward 12002 to 12070',
      'Gradient exchange 12070 to 12090',
      'Waiting for slower ranks 12072 to 12073',
      'Update 12090 to 12098',
    ])
  })

  it('shows no phase that a strategy does not have', async () => {
    const single = await timeLine(sourceOf(completeRun()), /^Single, repeat 1 \/ Rank 0/)

    expect(new Set(single.map((line) => line.replace(/^.*: ([A-Za-z ]+?)( \d.*)?$/, '$1')))).toEqual(
      new Set(['Step', 'Waiting for data', 'Forward and backward']),
    )
  })

  it('shows preparations and epochs beside the steps', async () => {
    expect(await timeLine(sourceOf(completeRun()), /^Single, repeat 1 \/ Epochs/)).toEqual([
      'Single, repeat 1 / Epochs: Epoch 0 2000 to 2600',
      'Single, repeat 1 / Epochs: Epoch 1 2600 to 3200',
      'Single, repeat 1 / Epochs: Starting 0 to 1000',
      'Single, repeat 1 / Epochs: Warm-up 1000 to 2000',
    ])
  })

  it('counts what the machine does; what it does not say is not there', async () => {
    const gpu = { id: 'GPU-1', index: 0, model: 'A GPU', state: 'ok' as const, ...noGpuFigures }
    const results = completeRun()
    const recording = recordingOf(results, (atMs) =>
      runSample(atMs, { gpus: [{ ...gpu, utilisation: 0.5 }] }),
    )
    const { traceEvents } = await traceOf(sourceOf(results, recording))
    const counters = traceEvents.filter((event) => event.ph === 'C')

    expect(counters.slice(0, 3)).toEqual([
      { ph: 'C', pid: 1, tid: 1, name: 'CPU utilisation (%)', ts: 500_000, args: { value: 75 } },
      { ph: 'C', pid: 1, tid: 1, name: 'CPU memory used (GiB)', ts: 500_000, args: { value: 1 } },
      { ph: 'C', pid: 1, tid: 1, name: 'GPU:0 utilisation (%)', ts: 500_000, args: { value: 50 } },
    ])
    expect(counters).toHaveLength(30 * 3)
  })

  it('marks what was said of the run, and each arrival at the all-reduce', async () => {
    const { traceEvents } = await traceOf(sourceOf(completeRun()))
    const instants = traceEvents.flatMap((event) => (event.ph === 'i' ? [event.name] : []))

    expect(instants).toContain('Warning: Another run went on')
    expect(instants).toContain('Run complete')
    expect(instants.filter((name) => name === 'Arrived at the all-reduce')).toHaveLength(2 * 12)
  })

  it('of a run that failed holds what there is, and says so', async () => {
    const trace = await traceOf(sourceOf(partialRun()))

    expect(trace.otherData).toMatchObject({
      status: 'failed',
      dp: 'skipped: DataParallel needs at least 2 devices; this machine has 1 GPU',
      ddp: 'failed: rank 1 was killed (SIGKILL)',
    })
    expect(slicesOf(trace).filter(({ name }) => name.startsWith('Step'))).toHaveLength(6 + 7)
    expect(crossings(slicesOf(trace))).toEqual([])
  })

  it('is a trace without a recording, too', async () => {
    expect(slicesOf(await traceOf(sourceOf(completeRun(), []))).length).toBeGreaterThan(100)
  })

  it('never has slices that cross, however rough the clocks', async () => {
    const rough = (results: Results, jitterMs: readonly number[]): Results => {
      let next = 0
      const jitter = (): number => jitterMs[next++ % jitterMs.length] ?? 0
      const roughen = (measurement: Measurement): Measurement => ({
        ...measurement,
        ranks: measurement.ranks.map(({ rank, steps }) => ({
          rank,
          steps: steps.map((step) => ({
            ...step,
            stepMs: step.stepMs + jitter(),
            computeMs: step.computeMs + jitter(),
            communicationMs: step.communicationMs === 0 ? 0 : step.communicationMs + jitter(),
            arrivedAtMs: step.arrivedAtMs === null ? null : step.arrivedAtMs + jitter(),
          })),
        })),
      })
      return { ...results, measurements: results.measurements.map(roughen) }
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 20 }),
        async (jitterMs) => {
          const slices = slicesOf(await traceOf(sourceOf(rough(completeRun(), jitterMs))))
          expect(crossings(slices)).toEqual([])
        },
      ),
      { numRuns: 30 },
    )
  })
})
