import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hopelessOutputs } from '../shared/nvidia/hopeless-smi-outputs.fixture.js'
import { answering, partlyGoodOutputs, type SmiOutput } from '../shared/nvidia/smi-outputs.fixture.js'
import { resultsSchema } from '../shared/results/results.js'
import { judgeRun } from '../shared/validity/judge-run.js'
import { commandLine } from './command-line.fixture.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-gpu-words-'))
  await mkdir(join(folder, 'bin'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs Tandem beside an nvidia-smi that answers so. */
async function tandem(line: string, output: SmiOutput, more: NodeJS.ProcessEnv = {}) {
  const program = join(folder, 'bin', 'nvidia-smi')
  await writeFile(program, `#!/bin/sh\n${answering(output)}\n`)
  await chmod(program, 0o755)
  const environment = { PATH: `${join(folder, 'bin')}:/bin:/usr/bin`, TANDEM_TENSORFLOW_DIR: '', ...more }
  let printed = ''
  // `tandem devices` prints on the process's own standard output.
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text
    return true
  })
  try {
    const outcome = await commandLine(line.split(' '), { folder, environment })
    return { ...outcome, stdout: outcome.stdout + printed }
  } finally {
    write.mockRestore()
  }
}

const run = 'run --backend wasm --dataset synthetic --batch-size-single 16 --strategies single'
const withWords = [...partlyGoodOutputs, ...hopelessOutputs].filter(({ says }) => says !== null)
const twoGood = partlyGoodOutputs[0] as SmiOutput

describe.skipIf(process.platform === 'win32')('an nvidia-smi that says odd things', () => {
  it.each([...partlyGoodOutputs, ...hopelessOutputs])('tandem devices, with $what', async (output) => {
    const { stdout, exitCode } = await tandem('devices --json', output)
    expect(exitCode).toBe(0)
    const { machine, gpuProblems } = JSON.parse(stdout)
    expect(machine.gpus.map(({ index }: { index: number }) => index)).toEqual(output.good)
    if (output.says !== null) expect(gpuProblems.join(' ')).toMatch(output.says)
  })

  it.each(hopelessOutputs)('--devices gpu and --require-gpu say why there is none: $what', async (output) => {
    const refused = await tandem(`${run} --devices gpu`, output)
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(/--devices gpu: no NVIDIA GPU can be used \(.*\), so cpu or cpu:N/)
    expect(refused.stderr).toMatch(output.says as RegExp)
    const required = await tandem(`${run} --require-gpu`, output)
    expect(required.exitCode).toBe(2)
    expect(required.stderr).toMatch(/--require-gpu: .* this run has 0 \(/)
    expect(required.stderr).toMatch(output.says as RegExp)
  })

  it('--devices gpu:N says what is wrong with that GPU', async () => {
    const lost = partlyGoodOutputs.find(({ what }) => what === 'a GPU that is lost') as SmiOutput
    const { stderr } = await tandem(`${run} --devices gpu:1`, lost)
    expect(stderr).toMatch(/there is no GPU 1; this machine has GPU 0 \(GPU 1 cannot be used: .*GPU is lost/)
  })

  it.each(withWords)(
    'a run, its results and how far they can be relied on tell of it: $what',
    async (output) => {
      const file = join(folder, 'results.json')
      const { stdout, exitCode } = await tandem(`${run} --devices cpu:2 --output-file ${file}`, output)
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(output.says as RegExp)
      const results = resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
      expect(results.notes.join(' ')).toMatch(output.says as RegExp)
      const found = judgeRun(results).findings.filter(({ code }) => code === 'gpus-left-out')
      expect(found.map(({ message }) => message).join(' ')).toMatch(output.says as RegExp)
    },
  )

  it.each(['none', '', '0,0', 'MIG-1', '7'])(
    'CUDA_VISIBLE_DEVICES=%s is named where it hides all',
    async (setting) => {
      const visible = { CUDA_VISIBLE_DEVICES: setting }
      const says = /2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=/
      expect((await tandem(`${run} --devices gpu`, twoGood, visible)).stderr).toMatch(says)
      expect((await tandem(`${run} --require-gpu`, twoGood, visible)).stderr).toMatch(says)
      expect((await tandem('devices', twoGood, visible)).stdout).toMatch(says)
      expect((await tandem(`${run} --devices cpu:2`, twoGood, visible)).stdout).toMatch(says)
    },
  )
})
