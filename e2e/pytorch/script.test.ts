import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { median } from '../../src/shared/statistics/quantiles.js'
import { counted, expectNothingLeft, measureScript } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-script-'))
})
afterEach(async () => {
  await expectNothingLeft(folder)
  await rm(folder, { recursive: true })
})

const python = testPython
/** What broken.py writes where it runs. */
const litter = fileURLToPath(new URL('./scripts/litter.txt', import.meta.url))

describeWithPyTorch('a script of somebody’s, unchanged, on one device', () => {
  it.each([
    ['a plain loop', ['plain.py'], 8],
    ['persistent workers that are forked', ['plain.py', '--workers', '2', 'fork'], 8],
    ['persistent workers that are spawned', ['plain.py', '--workers', '2', 'spawn'], 8],
    ['gradients that accumulate', ['accumulating.py'], 32],
    ['a GradScaler with overflows', ['overflowing.py'], 8],
    ['two optimizers', ['adversarial.py'], 8],
    ['LBFGS', ['lbfgs.py'], 8],
    ['an IterableDataset of dicts', ['streaming.py'], 8],
    ['steps inside the backward pass', ['in_backward.py'], 8],
    ['a compiled model', ['compiled.py', 'model'], 8],
    ['a compiled step', ['compiled.py', 'step'], 8],
    ['evaluation between steps', ['evaluating.py'], 8],
    ['steps that are told by hand', ['by_hand.py'], 8],
  ])('has its steps and samples counted: %s', async (_, command, samples) => {
    const measured = await measureScript(folder, [python, ...command], 1)
    expect(counted(measured)).toEqual({ images: 12 * samples, globalBatchSize: samples, steps: [12] })
    expect(measured.ranks[0]?.steps.map(({ images }) => images)).toEqual(Array(12).fill(samples))
  })

  it('says what it saw: passes, skipped steps, optimizers, evaluation, losses', async () => {
    const of = async (...command: string[]) => (await measureScript(folder, [python, ...command], 1)).script
    expect(await of('overflowing.py')).toMatchObject({ skippedSteps: 3, backwardsPerStep: 1 })
    expect(await of('adversarial.py')).toMatchObject({ optimizers: 2, backwardsPerStep: 3 })
    const evaluating = await measureScript(folder, [python, 'evaluating.py'], 1)
    expect(evaluating.script?.evaluationMs).toBeGreaterThan(0)
    const byHand = await measureScript(folder, [python, 'by_hand.py'], 1)
    expect(byHand.ranks[0]?.steps.every(({ loss }) => loss !== undefined)).toBe(true)
  })
})

describeWithPyTorch('a script of somebody’s, unchanged, as two ranks', () => {
  it.each([
    ['that Tandem starts', [python, 'plain.py']],
    [
      'under torchrun',
      [python, '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '{world_size}', 'plain.py'],
    ],
  ])('%s: both are heard, with when their gradients were there', async (_, command) => {
    const measured = await measureScript(folder, command, 2)
    expect(counted(measured)).toEqual({ images: 192, globalBatchSize: 16, steps: [12, 12] })
    expect(measured.collective).toBe('torch.distributed (gloo)')
    expect(measured.script).toMatchObject({ exchange: 'ddp', threads: 1 })
    const steps = measured.ranks.flatMap((rank) => rank.steps)
    expect(steps.every(({ arrivedAtMs }) => arrivedAtMs !== null)).toBe(true)
  })

  it('that start by mp.spawn', async () => {
    const measured = await measureScript(
      folder,
      [python, 'spawned.py', '{world_size}', join(folder, 'meeting')],
      2,
    )
    expect(counted(measured)).toEqual({ images: 192, globalBatchSize: 16, steps: [12, 12] })
  })

  it('that exchange gradients in every fourth pass alone', async () => {
    const measured = await measureScript(folder, [python, 'accumulating.py'], 2)
    expect(counted(measured)).toEqual({ images: 768, globalBatchSize: 64, steps: [12, 12] })
    expect(measured.script?.backwardsPerStep).toBe(4)
  })

  it('whose last gradient becomes another one: it is found again', async () => {
    const measured = await measureScript(folder, [python, 'skipping.py'], 2)
    const arrivals = measured.ranks.map(({ steps }) => steps.map(({ arrivedAtMs }) => arrivedAtMs !== null))
    expect(arrivals.map((known) => known.filter(Boolean).length)).toEqual([11, 11])
  })

  it('that are two by themselves, and no group, is a failure', async () => {
    const measured = await measureScript(folder, [python, 'lbfgs.py'], 2)
    expect(measured.error).toMatchObject({ code: 'script-world' })
  })
})

describeWithPyTorch('a rank that is slower than the other', () => {
  // How sure that makes the verdict is for `bench/script-stragglers.mjs`: beside other work it is rightly less so.
  it.each(['backward', 'loader'])('in its %s comes last in most steps', async (what) => {
    const command = [python, 'uneven.py', what, '1', '3']
    const { ranks, error } = await measureScript(folder, command, 2, { steps: 30 })
    expect(error).toBeNull()
    const [first, second] = ranks.map(({ steps }) => steps.map(({ arrivedAtMs }) => arrivedAtMs))
    const behindMs = first?.map((arrivedAtMs, step) => Number(second?.[step]) - Number(arrivedAtMs))
    expect(median(behindMs ?? [])).toBeGreaterThan(0)
  })
})

describeWithPyTorch('a script that goes wrong', () => {
  it.each([
    ['raises', 'script-failed', /^the script failed: RuntimeError: no such luck/],
    ['never-steps', 'script-never-stepped', /none of its processes made a step/],
    ['two-steps', 'script-ended-early', /after 2 of 15 steps/],
    ['killed-by-itself', 'script-killed', /SIGKILL/],
    ['kills-its-parent', 'script-killed', /SIGKILL/],
    ['daemonises', 'script-never-stepped', /ended by itself/],
    ['needs-arguments', 'script-failed', /exit code 2/],
  ])('%s: one error, and nothing is left', async (how, code, message) => {
    const ranks = how === 'kills-its-parent' ? 2 : 1
    const { status, error } = await measureScript(folder, [python, 'broken.py', how], ranks)
    expect({ status, error }).toMatchObject({
      status: 'failed',
      error: { code, message: expect.stringMatching(message) },
    })
    if (how === 'raises')
      expect(error?.details).toMatch(/^Traceback[\s\S]*broken\.py[\s\S]*RuntimeError: no such luck$/)
  })

  it.each([
    ['forks before its first step', 'forks-first'],
    ['forks, and steps later in there', 'forks-first-and-steps-later'],
    ['starts another training', 'starts-another'],
  ])('%s: both processes are named, and nothing is left', async (_, how) => {
    const { error } = await measureScript(folder, [python, 'broken.py', how], 1, { steps: 100_000 })
    expect(error).toMatchObject({
      code: 'script-trains-twice',
      message: expect.stringMatching(/forked.*: processes \d+ and \d+ both train as rank 0$/),
    })
  })

  it.each([
    ['prints 100 MB', 'floods'],
    ['forks, and trains in both', 'forks'],
    ['writes into a copy of its folder', 'litters'],
  ])('%s, and is measured', async (_, how) => {
    const measured = await measureScript(folder, [python, 'broken.py', how], 1, { isInScratch: true })
    expect(counted(measured)).toMatchObject({ images: 96 })
    expect(existsSync(litter)).toBe(false)
  })

  it.each(['hangs', 'ignores-sigterm'])('%s: is given up on, and stopped', async (how) => {
    const { error } = await measureScript(folder, [python, 'broken.py', how], 1, { startSeconds: 8 })
    expect(error).toMatchObject({
      code: 'script-never-stepped',
      message: expect.stringMatching(/within 8 s/),
    })
  })
})
