import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { counted, expectNothingLeft, measureScript } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-framework-'))
})
afterEach(async () => {
  await expectNothingLeft(folder)
  await rm(folder, { recursive: true })
})

/** Tests with a package from PyPI: skipped, with the reason, where that Python does not have it. */
function describeWith(module: string, title: string, define: () => void): void {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`
  const isThere = testPython === '' || spawnSync(testPython, ['-c', find]).status === 0
  if (isThere) describeWithPyTorch(title, define)
  else describe.skip(`${title} (skipped: TANDEM_TEST_PYTHON has no ${module})`, define)
}

const python = testPython
const accelerate = join(dirname(python), 'accelerate')
const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '{world_size}']

describeWith('accelerate', 'a script with Accelerate', () => {
  it('is counted on one rank', async () => {
    const measured = await measureScript(folder, [python, 'with_accelerate.py'], 1)
    expect(counted(measured)).toEqual({ images: 96, globalBatchSize: 8, steps: [12] })
  })

  it('is counted on two, under torchrun', async () => {
    const measured = await measureScript(folder, [python, ...torchrun, 'with_accelerate.py'], 2)
    expect(counted(measured)).toEqual({ images: 192, globalBatchSize: 16, steps: [12, 12] })
  })

  it('whose first rank reads for all is counted by what each gets', async () => {
    const measured = await measureScript(folder, [python, ...torchrun, 'with_accelerate.py', 'dispatch'], 2)
    expect(counted(measured)).toEqual({ images: 192, globalBatchSize: 16, steps: [12, 12] })
    expect(measured.script).toMatchObject({ isDispatching: true })
  })

  it.each([
    ['one rank', 1, ['--cpu']],
    ['two ranks', 2, ['--multi_gpu', '--num_processes', '{world_size}']],
  ])('is started by accelerate launch as %s', async (_, ranks, flags) => {
    const command = [accelerate, 'launch', ...flags, 'with_accelerate.py']
    const measured = await measureScript(folder, command, ranks)
    const steps = Array(ranks).fill(12)
    expect(counted(measured)).toEqual({ images: 96 * ranks, globalBatchSize: 8 * ranks, steps })
  })

  it('is another world where accelerate launch starts one process for two', async () => {
    const command = [accelerate, 'launch', '--cpu', '--num_processes', '{world_size}', 'with_accelerate.py']
    const { error } = await measureScript(folder, command, 2)
    expect(error).toMatchObject({
      code: 'script-world',
      message: expect.stringMatching(/group of 1; 2 ranks/),
    })
  })
})

describeWith('lightning', 'a script with Lightning, which starts its ranks itself', () => {
  it.each([1, 2])('is counted on %i', async (ranks) => {
    const measured = await measureScript(folder, [python, 'with_lightning.py', '{world_size}'], ranks)
    const steps = Array(ranks).fill(12)
    expect(counted(measured)).toEqual({ images: 96 * ranks, globalBatchSize: 8 * ranks, steps })
    expect(measured.script?.evaluationMs).toBeGreaterThan(0)
  })
})

describeWith('transformers', 'a script with Transformers’ Trainer', () => {
  it.each([1, 4])('is counted with %i backward passes a step', async (passes) => {
    const command = [python, 'with_transformers.py', folder, String(passes)]
    const measured = await measureScript(folder, command, 1)
    expect(counted(measured)).toEqual({ images: 96 * passes, globalBatchSize: 8 * passes, steps: [12] })
    expect(measured.script).toMatchObject({ backwardsPerStep: passes })
  })
})
