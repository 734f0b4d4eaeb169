import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resultsSchema } from '../src/shared/results/results.js'
import { judgeRun } from '../src/shared/validity/judge-run.js'
import { startTandem } from './tandem-process.js'

// A real run on a machine that is kept busy on purpose: what it met must be in its results, and said.

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-validity-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const busy: ChildProcess[] = []
afterEach(async () => {
  for (const child of busy.splice(0)) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})

/** Programs that only compute, one for every four cores: other tests run beside this one. */
function keepBusy(): void {
  for (let cores = 0; cores < availableParallelism(); cores += 4)
    busy.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
}

const longEnough = [
  ...['run', '--backend', 'wasm', '--dataset', 'sample', '--devices', 'cpu:2', '--num-workers', '0'],
  ...['--strategies', 'ddp', '--per-gpu-batch-size', '8', '--epochs', '1', '--max-steps-per-epoch', '8'],
]

describe.runIf(process.platform === 'linux')('a run beside other programs', { timeout: 300_000 }, () => {
  it('says that they were there, and how much they took', async () => {
    keepBusy()
    const outputFile = join(folder, 'busy.json')
    const tandem = startTandem([...longEnough, '--output-file', outputFile])
    expect(await tandem.ended(), tandem.output()).toBe(0)

    const results = resultsSchema.parse(JSON.parse(readFileSync(outputFile, 'utf8')))
    const conditions = results.measurements[0]?.conditions
    expect(conditions?.telemetry.samples).toBeGreaterThan(3)
    expect(conditions?.cpu.othersShareOfOwnCores).toBeGreaterThan(0.05)
    expect(conditions?.cpu.othersCores).toBeGreaterThan(0.1)
    expect(results.environment?.memory.totalBytes).toBeGreaterThan(0)

    const { badge, findings } = judgeRun(results)
    // Eight steps are too few as well; how much others get of the cores is the system's to decide.
    expect(badge).toBe('unreliable')
    expect(findings).toContainEqual(expect.objectContaining({ code: 'others-on-cpu', strategies: ['ddp'] }))
    expect(tandem.output()).toContain('\nValidity: unreliable, measure again\n')
    expect(tandem.output()).toMatch(/^ {2}(Warning|Unreliable): Other programs took up to \d+\.\d % of the/m)
  })
})
