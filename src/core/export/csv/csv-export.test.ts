import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noGpuFigures } from '../../../shared/child/telemetry.js'
import { runSample } from '../../../shared/live/live-run.fixture.js'
import type { ExportSource } from '../export-source.js'
import {
  completeRun,
  filesOf,
  partialRun,
  piecesOf,
  recordingOf,
  sourceOf,
  startedAtMs,
} from '../exported-run.fixture.js'
import { csvExport } from './csv-export.js'
import { csvTable } from './table.js'

type Row = Record<string, string>

async function tableOf(name: string, source: ExportSource): Promise<Row[]> {
  const text = (await filesOf(csvExport.files(source))).get(name)?.toString() ?? ''
  return parse(text, { columns: true, record_delimiter: '\r\n' }) as Row[]
}

describe('the table of steps', () => {
  it('has a row a step and rank, in the order of training', async () => {
    const rows = await tableOf('steps.csv', sourceOf(completeRun()))

    expect(rows).toHaveLength(2 * (6 + 6 + 12))
    expect(
      rows
        .slice(12, 15)
        .map(({ strategy, repeat, epoch, step, rank, devices }) =>
          [strategy, repeat, epoch, step, rank, devices].join(' '),
        ),
    ).toEqual(['ddp 1 0 0 0 CPU:0', 'ddp 1 0 0 1 CPU:1', 'ddp 1 0 1 0 CPU:0'])
  })

  it('holds what was measured, as exactly as it was', async () => {
    const rows = await tableOf('steps.csv', sourceOf(completeRun()))

    expect(rows.find(({ strategy }) => strategy === 'ddp')).toEqual({
      run_id: completeRun().runId,
      strategy: 'ddp',
      repeat: '1',
      epoch: '0',
      step: '0',
      rank: '0',
      devices: 'CPU:0',
      started_at_unix_ms: String(startedAtMs + 12_000),
      step_ms: '100',
      data_wait_ms: '2',
      compute_ms: '68',
      communication_ms: '20',
      update_ms: '8',
      arrived_at_all_reduce_unix_ms: String(startedAtMs + 12_072),
      loss: '2.5',
      images: '32',
      images_per_s: '320',
    })
  })

  it('leaves empty what a strategy does not have, and never writes 0 for it', async () => {
    const [single] = await tableOf('steps.csv', sourceOf(completeRun()))

    expect(single).toMatchObject({ communication_ms: '', update_ms: '', arrived_at_all_reduce_unix_ms: '' })
  })

  it('holds what a run that failed had done until then', async () => {
    const rows = await tableOf('steps.csv', sourceOf(partialRun()))

    expect(rows.filter(({ strategy }) => strategy === 'ddp')).toHaveLength(4 + 3)
    expect(rows.filter(({ strategy }) => strategy === 'dp')).toEqual([])
  })
})

describe('the table of measurements', () => {
  it('says how each ended, and why', async () => {
    const rows = await tableOf('measurements.csv', sourceOf(partialRun()))

    expect(rows).toMatchObject([
      { run_status: 'failed', strategy: 'single', status: 'completed', reason: '' },
      {
        strategy: 'dp',
        status: 'skipped',
        reason: 'DataParallel needs at least 2 devices; this machine has 1 GPU',
        images_per_s: '',
      },
      { strategy: 'ddp', status: 'failed', reason: 'rank 1 was killed (SIGKILL)', epochs: '1' },
    ])
  })

  it('has no speedup where two strategies must not be compared, and says why', async () => {
    const results = completeRun()
    const measurements = results.measurements.map((one) =>
      one.id === 'dp' ? { ...one, backend: 'wasm' as const } : one,
    )
    const rows = await tableOf('measurements.csv', sourceOf({ ...results, measurements }))

    const [single, dp, ddp] = rows
    expect(single).toMatchObject({ speedup: '', not_comparable_because: '' })
    expect(dp).toMatchObject({ speedup: '', not_comparable_because: expect.stringMatching(/wasm/) })
    expect(Number(ddp?.speedup)).toBeCloseTo(2, 9)
  })
})

describe('the table of samples', () => {
  const gpu = { id: 'GPU-1', index: 0, model: 'Some, "GPU"', state: 'ok' as const, ...noGpuFigures }
  const sampleAt = (atMs: number) =>
    runSample(atMs, {
      gpus: [{ ...gpu, utilisation: 0.915, throttleReasons: ['too hot', 'power'] }],
      trainers: [{ pid: 7, name: 'DDP rank 1', coresUsed: 1.5, memoryBytes: 1024 }],
    })

  it('has a row for each device of each sample', async () => {
    const results = completeRun()
    const rows = await tableOf('telemetry.csv', sourceOf(results, recordingOf(results, sampleAt)))

    expect(rows).toHaveLength(30 * 5)
    expect(rows.slice(0, 5)).toMatchObject([
      {
        kind: 'host',
        device: 'CPU',
        utilisation_percent: '75',
        power_w: '',
        memory_used_bytes: String(2 ** 30),
      },
      { kind: 'core', device: 'Core 0', utilisation_percent: '50', memory_used_bytes: '' },
      { kind: 'core', device: 'Core 1', utilisation_percent: '100' },
      {
        kind: 'gpu',
        device: 'GPU:0',
        model: 'Some, "GPU"',
        utilisation_percent: '91.5',
        throttle_reasons: 'too hot; power',
        power_w: '',
      },
      { kind: 'trainer', device: 'DDP rank 1', cores_used: '1.5', utilisation_percent: '' },
    ])
  })

  it('says what the run was at', async () => {
    const rows = await tableOf('telemetry.csv', sourceOf(completeRun()))
    const at = (ms: number) => rows.find((row) => row.sampled_at_unix_ms === String(startedAtMs + ms))

    expect(at(1_500)).toMatchObject({ strategy: 'single', repeat: '1', phase: 'warming-up' })
    expect(at(2_500)).toMatchObject({ strategy: 'single', repeat: '1', phase: 'training' })
    expect(at(4_500)).toMatchObject({ strategy: '', repeat: '', phase: '' })
    expect(at(17_500)).toMatchObject({ strategy: 'single', repeat: '2', phase: 'training' })
  })

  it('has names and no rows without a recording', async () => {
    const files = await filesOf(csvExport.files(sourceOf(completeRun(), [])))

    expect(files.get('telemetry.csv')?.toString()).toMatch(/^run_id,sampled_at_unix_ms,[^\n]*\r\n$/)
  })
})

describe('a table', () => {
  const columns = [
    { name: 'text', of: ([text]: [string, number | null]) => text },
    { name: 'number', of: ([, value]: [string, number | null]) => value },
  ]

  it('is read back as it was written, whatever is in its cells', async () => {
    const row = fc.tuple(
      fc
        .string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', 'a', 'é', ';') })
        .filter((text) => !/^\r/.test(text)),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 600 }), async (rows) => {
        const pieces = await piecesOf(csvTable(columns, rows as [string, number | null][]))
        const read = parse(pieces.join(''), { record_delimiter: '\r\n', from: 2 }) as string[][]
        expect(read).toEqual(rows.map(([text, value]) => [text, value === null ? '' : String(value)]))
      }),
      { numRuns: 50 },
    )
  })

  it('keeps a spreadsheet from running what is in its cells; numbers stay numbers', async () => {
    const pieces = await piecesOf(csvTable(columns, [['=1+1', -1]]))

    expect(pieces.join('')).toBe("text,number\r\n'=1+1,-1\r\n")
  })

  it('comes in pieces, however long it is', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index): [string, number] => ['some text', index])
    const pieces = await piecesOf(csvTable(columns, rows))

    expect(pieces.length).toBeGreaterThan(5)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(128 * 1024)
  })
})
