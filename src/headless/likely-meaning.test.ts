import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measuredResults } from '../core/results/measured-results.fixture.js'
import { commandLine } from './command-line.fixture.js'

let folder: string
const [older, newer] = ['20260131-142530-9f3a1c', '20260131-142531-00aa00']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-meaning-'))
  for (const runId of [older, newer]) {
    await writeFile(join(folder, `${runId}.json`), JSON.stringify(measuredResults({ runId })))
    await commandLine(['history', 'import', join(folder, `${runId}.json`)], { folder })
  }
  await mkdir(join(folder, 'a-run'))
  await writeFile(join(folder, 'a-run', 'results.json'), JSON.stringify(measuredResults({ runId: older })))
})
afterAll(() => rm(folder, { recursive: true }))

/** `@` stands for the test's folder. */
async function refusal(line: string): Promise<string> {
  const args = line.replaceAll('@', folder).split(' ')
  const { exitCode, stdout, stderr } = await commandLine(args, { folder })
  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
  return stderr.replaceAll(folder, '@')
}

describe('a wrong command is answered with what it most likely meant', () => {
  it.each([
    ['rnu', '(Did you mean run?)'],
    ['benchmark --epochs 3', 'Most likely: tandem run --epochs 3'],
    ['train', 'Most likely: tandem run'],
    ['quick', 'Most likely: tandem run --preset quick'],
    ['ls', 'Most likely: tandem history list'],
    ['delete latest', 'Most likely: tandem history delete latest'],
    ['history remove latest', 'Most likely: tandem history delete latest'],
    ['install', 'Most likely: tandem engine install'],
    ['diff a.json b.json', 'Most likely: tandem compare a.json b.json'],
    ['gui', 'Most likely: tandem start'],
    ['torchrun --nproc-per-node 2', 'Most likely: tandem ddp --nproc-per-node 2'],
    ['version', 'Most likely: tandem --version'],
    ['-v', 'Most likely: tandem --version'],
    [`${older}`, `Most likely: tandem report ${older} --html report.html`],
    ['results.json', 'tandem compare results.json latest'],
  ])('command: %s', async (line, expected) => {
    expect(await refusal(line)).toContain(expected)
  })

  it.each([
    ['run --batch-size 32', 'tandem run --batch-size-single 32 --per-gpu-batch-size 32'],
    [
      'run --batch-size=32 --epochs 2',
      'tandem run --batch-size-single 32 --per-gpu-batch-size 32 --epochs 2',
    ],
    ['ddp -b 16', 'tandem ddp --per-gpu-batch-size 16'],
    ['run --epoch 3', '(Did you mean --epochs?)'],
    ['run --learning-rate 0.01', 'tandem run --lr 0.01'],
    ['run --batch_size_single 8', 'tandem run --batch-size-single 8'],
    ['run --modelName=resnet34', 'tandem run --model-name=resnet34'],
    ['run --model resnet34 --workers 2', 'tandem run --model-name resnet34 --workers 2'],
    ['run --gpus 2', 'tandem run --devices gpu:0,1'],
    ['run --gpus 0,3', 'tandem run --devices gpu:0,3'],
    ['run --cpu --epochs 1', 'tandem run --devices cpu --epochs 1'],
    ['run --cpus 4', 'tandem run --devices cpu:4'],
    ['run --amp', 'tandem run --precision mixed'],
    ['run --quick', 'tandem run --preset quick'],
    ['run -o mine.json', 'tandem run --output-file mine.json'],
    ['run --runs 5', 'tandem run --repeats 5'],
    ['run --nproc 2', 'tandem run --devices cpu:2'],
    ['run --nproc-per-node 2', 'tandem ddp knows --nproc-per-node'],
    ['compare a b --pdf c.pdf', 'tandem report knows --pdf'],
    ['report --paper-size A4', 'tandem report --paper A4'],
  ])('flag: %s', async (line, expected) => {
    expect(await refusal(line)).toContain(expected)
  })

  it.each([
    ['run --backend torch', 'Most likely: --backend pytorch'],
    ['run --backend tf', 'Most likely: --backend tensorflow'],
    ['run --backend wsam', 'Most likely: --backend wasm'],
    ['run --devices 2', 'Most likely: --devices cpu:2 or --devices gpu:0,1'],
    ['run --devices cuda', 'Most likely: --devices gpu'],
    ['run --devices cuda:1', 'Most likely: --devices gpu:1'],
    ['run --devices gpus', 'Most likely: --devices gpu'],
    ['run --devices 0,1', 'Most likely: --devices gpu:0,1'],
    ['run --devices cpu:0', 'Most likely: --devices cpu:1'],
    ['run --devices cpu4', 'Most likely: --devices cpu:4'],
    ['run --model-name ResNet-18', 'Most likely: --model-name resnet18'],
    ['run --dataset cifar', 'Most likely: --dataset cifar10'],
    ['run --precision fp16', 'Most likely: --precision mixed'],
    ['run --preset fast --epochs 1', 'Allowed choices are quick, notebook.'],
    ['run --preset quik', 'Most likely: --preset quick'],
    ['run --strategies SINGLE;DDP', 'Most likely: --strategies single,ddp'],
    ['run --strategies all', 'Most likely: --strategies single,dp,ddp'],
    ['run --lr 0,1', 'Most likely: --lr 0.1'],
    ['run --samples-per-epoch 5k', 'Most likely: --samples-per-epoch 5000'],
    ['run --samples-per-epoch 5,000', 'Most likely: --samples-per-epoch 5000'],
    ['compare latest --max-regression 5', 'Most likely: --max-regression 5%'],
  ])('value: %s', async (line, expected) => {
    expect(await refusal(line)).toContain(expected)
  })

  it.each([
    ['run notebook', 'Most likely: tandem run --preset notebook'],
    ['run resnet34 --epochs 1', 'Most likely: tandem run --model-name resnet34 --epochs 1'],
    ['run ddp', 'Most likely: tandem run --strategies ddp'],
    ['run cpu:2', 'Most likely: tandem run --devices cpu:2'],
    [
      'run results.json',
      'tandem run measures anew. Most likely: tandem report results.json --html report.html',
    ],
    ['serve 8080', 'Most likely: tandem serve --port 8080'],
    ['report a.json b.json', 'tandem compare a.json b.json'],
    ['compare', 'tandem compare latest'],
  ])('word: %s', async (line, expected) => {
    expect(await refusal(line)).toContain(expected)
  })
})

describe('runs and files that stand in each other’s place', () => {
  it.each([
    [
      'report nope --html @/r.html',
      `no run nope in the history, and no file of that name. The latest is ${newer}`,
    ],
    ['compare nope latest', 'no run nope in the history, and no file of that name'],
    ['compare 9f latest', 'A part of an id has 4 characters or more'],
    ['compare 2026013 latest', `2026013 is more than one run: ${newer} and ${older}. Name more of its id`],
    ['report report.pdf --html @/r.html', 'Most likely: tandem report --pdf report.pdf'],
    [
      `history delete @/${older}.json`,
      `is a file; this takes a run of the history. Take it into the history first: tandem history import @/${older}.json`,
    ],
    ['history pin results.json', 'results.json is a file; this takes a run of the history'],
    [`history import ${older}`, `${older} is a run of the history already; an import takes files`],
    ['history import 9f3a1c', `9f3a1c is a run of the history already (${older})`],
    ['report no-such.json --html @/r.html', 'no-such.json cannot be read: it does not exist'],
    ['history delete 20261125-110450-8ae568', 'ships with Tandem, and stays as it is'],
  ])('%s', async (line, expected) => {
    expect(await refusal(line)).toContain(expected)
  })

  it.each([
    ['compare 9f3a1c latest'],
    ['compare 142530 00aa'],
    [`compare @/a-run @/${newer}.json`],
    ['compare 8ae568 latest'],
    ['report 142530 --html @/r.html'],
    ['report @/a-run --html @/r.html'],
    ['report 8ae568 --html @/r.html'],
  ])('are found where they are plain: %s', async (line) => {
    const { exitCode, stderr } = await commandLine(line.replaceAll('@', folder).split(' '), { folder })
    expect(stderr).toBe('')
    // A comparison may be of figures that are not reliable.
    expect([0, 1]).toContain(exitCode)
  })
})
