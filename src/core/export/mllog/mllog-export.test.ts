import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ExportSource } from '../export-source.js'
import { completeRun, filesOf, partialRun, sourceOf, startedAtMs } from '../exported-run.fixture.js'
import { mllogExport } from './mllog-export.js'
import { mllogLine } from './mllog-line.js'

/** The fields of a line by MLCommons' `mlperf_logging`. */
const entrySchema = z.strictObject({
  namespace: z.string(),
  time_ms: z.number().int(),
  event_type: z.enum(['INTERVAL_START', 'INTERVAL_END', 'POINT_IN_TIME']),
  key: z.string().regex(/^[a-z_]+$/),
  value: z.unknown(),
  metadata: z.record(z.string(), z.union([z.string(), z.number()])),
})

type Entry = z.infer<typeof entrySchema>

async function entriesOf(source: ExportSource): Promise<Entry[]> {
  const [file] = (await filesOf(mllogExport.files(source))).values()
  const lines = String(file).trimEnd().split('\n')
  return lines.map((line) => {
    expect(line).toMatch(/^:::MLLOG \{/)
    return entrySchema.parse(JSON.parse(line.slice(':::MLLOG '.length)))
  })
}

const of = (entries: Entry[], namespace: string): Entry[] =>
  entries.filter((entry) => entry.namespace === namespace)

/** What began and ended, in milliseconds since the run began. */
const course = (entries: Entry[]): string[] =>
  entries
    .filter(({ event_type }) => event_type !== 'POINT_IN_TIME')
    .map(({ key, time_ms, metadata }) => `${time_ms - startedAtMs} ${key} ${metadata.epoch_num ?? ''}`.trim())

describe('an MLLOG', () => {
  it('tells the course of each measurement by the keys of the training rules', async () => {
    expect(course(of(await entriesOf(sourceOf(completeRun())), 'single'))).toEqual([
      '0 init_start',
      '2000 init_stop',
      '2000 run_start',
      '2000 epoch_start 1',
      '2600 epoch_stop 1',
      '2600 epoch_start 2',
      '3200 epoch_stop 2',
      '3200 run_stop',
    ])
  })

  it('names the settings that decide the result, and says what was reached', async () => {
    const entries = of(await entriesOf(sourceOf(completeRun())), 'ddp#2')
    const values = Object.fromEntries(entries.map(({ key, value }) => [key, value]))

    expect(values).toMatchObject({
      seed: 0,
      global_batch_size: 64,
      train_samples: 192,
      opt_name: 'sgd',
      sgd_opt_base_learning_rate: 0.005,
      eval_accuracy: expect.closeTo(0.15, 9),
      tracked_stats: { throughput: expect.closeTo(640, 6) },
    })
    expect(entries.every(({ metadata }) => metadata.strategy === 'ddp' && metadata.repeat === 2)).toBe(true)
    expect(entries.at(-1)).toMatchObject({ key: 'run_stop', metadata: { status: 'success' } })
  })

  it('never goes back in time within a measurement', async () => {
    const entries = await entriesOf(sourceOf(completeRun()))
    for (const namespace of ['single', 'dp', 'ddp', 'single#2', 'dp#2', 'ddp#2']) {
      const times = of(entries, namespace).map(({ time_ms }) => time_ms)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
  })

  it('says which part of a run failed or was skipped, and ends where it ended', async () => {
    const entries = await entriesOf(sourceOf(partialRun()))

    expect(entries[0]).toMatchObject({ key: 'tandem_run', metadata: { status: 'failed' } })
    expect(course(of(entries, 'ddp')).slice(-3)).toEqual([
      '12300 epoch_stop 1',
      '12300 epoch_start 2',
      '12400 run_stop',
    ])
    expect(of(entries, 'ddp').slice(-2)).toMatchObject([
      { key: 'tandem_error', value: 'rank 1 was killed (SIGKILL)' },
      { key: 'run_stop', metadata: { status: 'aborted' } },
    ])
    expect(of(entries, 'dp')).toMatchObject([
      { key: 'tandem_not_measured', value: 'DataParallel needs at least 2 devices; this machine has 1 GPU' },
    ])
  })

  it('has no preparations without a recording', async () => {
    const keys = (await entriesOf(sourceOf(completeRun(), []))).map(({ key }) => key)

    expect(keys).not.toContain('init_start')
    expect(keys).not.toContain('init_stop')
    expect(keys).toContain('run_start')
  })

  it('is one line of ASCII an entry, whatever texts are in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const line = mllogLine({
          namespace: value,
          timeMs: 1.6,
          type: 'POINT_IN_TIME',
          key: 'k',
          value,
          metadata: { value },
        })
        expect(line).toMatch(/^[\x20-\x7e]+\n$/)
        const entry = JSON.parse(line.slice(9)) as Entry
        expect(entry).toMatchObject({ namespace: value, time_ms: 2, value, metadata: { value } })
      }),
    )
  })
})
