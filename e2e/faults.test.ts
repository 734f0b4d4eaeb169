import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsSchema } from '../src/shared/results/results.js'
import { eventually, sharedMemoryFilesOf, startTandem, stillRunning, trainersOf } from './tandem-process.js'

/*
 * What must hold whatever happens to a run: it ends soon, says why, keeps what was measured, and leaves no
 * process and no shared memory behind. Real trainers on wasm, so that it runs on every Linux machine.
 */

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-faults-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Longer than any test waits: only its end by force ends it. */
const longRun = [
  ...['--dataset', 'synthetic', '--backend', 'wasm', '--devices', 'cpu:2', '--num-workers', '0'],
  ...[
    '--batch-size-single',
    '4',
    '--per-gpu-batch-size',
    '4',
    '--epochs',
    '50',
    '--max-steps-per-epoch',
    '50',
  ],
]

describe.runIf(process.platform === 'linux')('a run that is disturbed', { timeout: 120_000 }, () => {
  it.each(['SIGKILL', 'SIGSEGV'] as const)(
    'ends the whole DDP group with the cause when %s ends a rank',
    async (signal) => {
      const outputFile = join(folder, `rank-${signal}.json`)
      const tandem = startTandem(['run', '--strategies', 'ddp', ...longRun, '--output-file', outputFile])
      await tandem.printed(/\[DDP\] Epoch 1\/50 - step/)
      const trainers = trainersOf(tandem.pid)
      expect(trainers).toHaveLength(2)
      process.kill(trainers[1] as number, signal)
      await eventually('the other rank ends', 10_000, () => stillRunning(trainers).length === 0)
      expect(await tandem.ended()).toBe(1)
      expect(tandem.output()).toMatch(/rank \d/)
      expect(sharedMemoryFilesOf(tandem.pid)).toEqual([])
      const results = resultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')))
      expect(results.status).toBe('failed')
      const ddp = results.measurements.find(({ id }) => id === 'ddp')
      expect(ddp).toMatchObject({ status: 'failed' })
      expect(ddp?.error?.message).toContain(signal)
    },
  )

  it('stops every trainer on Ctrl-C, keeps what was measured and exits 130', async () => {
    const outputFile = join(folder, 'interrupted.json')
    const tandem = startTandem(['run', '--strategies', 'ddp', ...longRun, '--output-file', outputFile])
    await tandem.printed(/\[DDP\] Epoch 1\/50 - step/)
    const trainers = trainersOf(tandem.pid)
    process.kill(tandem.pid, 'SIGINT')
    expect(await tandem.ended()).toBe(130)
    expect(stillRunning(trainers)).toEqual([])
    const results = resultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')))
    expect(results.status).toBe('cancelled')
    expect(results.measurements.flatMap(({ ranks }) => ranks.flatMap(({ steps }) => steps))).not.toEqual([])
  })
})
