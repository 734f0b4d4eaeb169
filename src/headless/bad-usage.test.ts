import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordBytes, splitFiles } from '../shared/data/cifar10.js'
import { commandLine } from './command-line.fixture.js'

let folder: string
let trainerEntry: string
let started: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-usage-'))
  started = join(folder, 'a-trainer-was-started')
  trainerEntry = join(folder, 'trainer.mjs')
  await writeFile(
    trainerEntry,
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(started)}, '')`,
  )
  await writeFile(join(folder, 'a-file'), '')
  await mkdir(join(folder, 'empty'))
  await writeData('truncated', () => Buffer.alloc(recordBytes + 1))
  await writeData('wrong-label', () => Buffer.alloc(recordBytes, 10))
  await writeData('sound', () => Buffer.alloc(2 * recordBytes))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function writeData(name: string, content: () => Buffer): Promise<void> {
  await mkdir(join(folder, name))
  for (const file of [...splitFiles.train, ...splitFiles.test]) {
    await writeFile(join(folder, name, file), content())
  }
}

/** `@` stands for the test's folder. */
const place = (text: string): string => text.replaceAll('@', folder)

async function refuse(line: string, environment: NodeJS.ProcessEnv = {}) {
  const args = place(line).split(' ')
  const outcome = await commandLine(args, { folder, trainerEntry, environment })
  expect(outcome.exitCode).toBe(2)
  expect(outcome.stdout).toBe('')
  expect(outcome.stderr).toMatch(/^tandem: [^\n]+\n$/)
  expect(existsSync(started)).toBe(false)
  return outcome.stderr
}

describe('bad usage is one line that names the flag, the value and what is allowed, and exit code 2', () => {
  it.each([
    [
      'run --model-name resnet1000',
      "'--model-name <name>' argument 'resnet1000' is invalid. Allowed: resnet18, resnet34, convnext_base",
    ],
    [
      'run --model-name resnet50',
      '--model-name resnet50 needs PyTorch; the engine is TensorFlow or WebAssembly, which allows resnet18 and resnet34',
    ],
    ['run --backend pytorch --model-name vgg16 --stem cifar', '--stem cifar: vgg16 has no stem to replace'],
    ['run --compile default', '--compile default needs PyTorch; the engine is TensorFlow or WebAssembly'],
    [
      'run --backend tensorflow,pytorch --bucket-mb 5',
      '--bucket-mb 5 needs PyTorch; the engine is TensorFlow',
    ],
    ['run --backend pytorch --collective files', '--collective files needs TensorFlow or WebAssembly'],
    ['ddp --backend tensorflow,pytorch', '--backend tensorflow,pytorch: tandem ddp measures one engine'],
    ['run --backend torch', "'torch' is invalid. Allowed: auto, tensorflow, wasm, pytorch"],
    ['run --dataset synthetic --backend pytorch', '--backend pytorch: no Python was found: none is on PATH'],
    ['run --dataset synthetic --backend pytorch --python @/python', 'python: there is no such program'],
    ['run --stem imagenet', "'imagenet' is invalid. Allowed choices are torchvision, cifar."],
    [
      'run --batch-size-single 0',
      "'--batch-size-single <images>' argument '0' is invalid. Allowed: whole numbers from 1.",
    ],
    [
      'run --dataset sample --samples-per-epoch 2001',
      '--samples-per-epoch 2001: the data set has 2,000 training images',
    ],
    [
      'run --dataset sample --strategies single --batch-size-single 100000000',
      '--batch-size-single 100000000: the data set has 2,000 training images',
    ],
    ['run --batch-size-single many', "argument 'many' is invalid. Allowed: whole numbers from 1."],
    ['run --per-gpu-batch-size 1.5', "'--per-gpu-batch-size <images>' argument '1.5' is invalid."],
    ['run --epochs -2', "'--epochs <number>' argument '-2' is invalid. Allowed: whole numbers from 1."],
    ['run --num-workers -1', 'Allowed: whole numbers from 0 to 256.'],
    ['run --max-steps-per-epoch 0', 'Allowed: whole numbers from 1, or -1 for the whole epoch.'],
    ['run --lr 0', "'--lr <number>' argument '0' is invalid. Allowed: numbers above 0"],
    ['run --lr NaN', "argument 'NaN' is invalid."],
    ['run --seed 4294967296', 'Allowed: whole numbers from 0 to 4,294,967,295.'],
    [
      'run --strategies single,tripled',
      "argument 'single,tripled' is invalid. Allowed: single, dp, ddp, joined by commas.",
    ],
    ['run --devices gpus', "argument 'gpus' is invalid. Allowed: auto, cpu, cpu:N, gpu or gpu:0,1."],
    ['run --preset fast', 'Allowed choices are quick, notebook.'],
    ['run --epochs', "'--epochs <number>' argument missing"],
    ['run --epoch 2', "unknown option '--epoch' (Did you mean --epochs?)"],
    ['run quick', 'too many arguments'],
    ['rum', "unknown command 'rum' (Did you mean run?)"],
    [
      'ddp --nproc-per-node 0',
      "'--nproc-per-node <number>' argument '0' is invalid. Allowed: whole numbers from 1 to 64.",
    ],
    ['ddp --batch-size-single 8', "unknown option '--batch-size-single'"],
  ])('%s', async (line, expected) => {
    expect(await refuse(line)).toContain(expected)
  })

  const onWasm = '--dataset synthetic --backend wasm'
  it.each([
    ['run --data-dir @/missing', '@/missing does not exist'],
    ['run --data-dir @/empty', `@/empty does not hold ${splitFiles.train[0]}`],
    [
      'run --data-dir @/truncated',
      `@/truncated/data_batch_1.bin has ${recordBytes + 1} bytes; allowed: multiples of 3073`,
    ],
    ['run --data-dir @/wrong-label', '@/wrong-label/data_batch_1.bin, record 0: label 10; allowed: 0 to 9'],
    [
      'run --dataset sample --data-dir @/sound',
      '--data-dir @/sound is for --dataset cifar10; the data set is sample',
    ],
    [
      'run --output-file @/missing/r.json',
      '--output-file @/missing/r.json: the folder @/missing does not exist',
    ],
    ['run --output-file @/a-file/r.json', '@/a-file is not a folder'],
    ['ddp --output-file @/empty', '--output-file @/empty: it is a folder'],
    [`run ${onWasm} --devices cpu:100000`, ' may be used here ('],
    [`run ${onWasm} --devices gpu:7`, '--devices gpu:7: this machine has no NVIDIA GPU, so cpu or cpu:N'],
    [`run ${onWasm} --require-gpu`, '--require-gpu: single, dp, ddp needs 2 GPUs; this run has 0'],
    [
      `run ${onWasm} --require-gpu --devices cpu`,
      '--require-gpu: single, dp, ddp needs 2 GPUs; this run has 0',
    ],
    [
      `run ${onWasm} --precision mixed`,
      '--precision mixed needs TensorFlow or PyTorch; the engine is WebAssembly',
    ],
    [`run ${onWasm} --collective tensorflow`, '--collective tensorflow needs TensorFlow'],
    [
      'run --dataset synthetic --backend tensorflow',
      '--backend tensorflow: none found (no Python on PATH answers)',
    ],
    ['run --dataset synthetic --tensorflow-dir @/empty', '@/empty, but there is no libtensorflow_'],
    [
      `ddp ${onWasm} --nproc-per-node 2 --devices cpu:1`,
      '--nproc-per-node 2: needs 2 devices; --devices cpu:1 is 1',
    ],
  ])('%s', async (line, expected) => {
    const outputFile = line.includes('--output-file') ? '' : ` --output-file ${join(folder, 'r.json')}`
    expect(await refuse(line + outputFile)).toContain(place(expected))
    expect(existsSync(join(folder, 'r.json'))).toBe(false)
  })

  it('names the variable for a TensorFlow folder without the library', async () => {
    const line = 'run --dataset synthetic --output-file @/r.json'
    expect(await refuse(line, { TANDEM_TENSORFLOW_DIR: join(folder, 'empty') })).toContain(
      `TANDEM_TENSORFLOW_DIR names the TensorFlow folder ${folder}/empty`,
    )
  })
})
