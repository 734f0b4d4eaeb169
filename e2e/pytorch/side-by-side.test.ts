import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Results, resultsSchema } from '../../src/shared/results/results.js'
import { startTandem } from '../tandem-process.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

/** The engine beside WebAssembly's, which every machine has. */
const parameters = [
  ...['run', '--preset', 'quick', '--backend', 'wasm,pytorch', '--python', testPython, '--devices', 'cpu:2'],
  ...['--strategies', 'single,ddp', '--repeats', '1', '--epochs', '1', '--samples-per-epoch', '48'],
  ...['--batch-size-single', '16', '--per-gpu-batch-size', '8', '--evaluate'],
]

describeWithPyTorch('two engines in a run', () => {
  let folder: string
  let output: string
  let results: Results
  const file = (name: string): string => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-side-by-side-'))
    const tandem = startTandem([...parameters, '--output-file', file('results.json')])
    expect(await tandem.ended(), tandem.output()).toBe(0)
    output = tandem.output()
    results = resultsSchema.parse(JSON.parse(await readFile(file('results.json'), 'utf8')))
  }, 600_000)
  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  it('are measured with every strategy, each held against Single on its own engine', () => {
    const measured = results.measurements.filter(({ status }) => status === 'completed')
    expect(Object.fromEntries(measured.map(({ id, backend }) => [id, backend]))).toEqual({
      single: 'wasm',
      'single+pytorch': 'pytorch',
      'single-all-cores+pytorch': 'pytorch',
      ddp: 'wasm',
      'ddp+pytorch': 'pytorch',
    })
    const speedupOf = (id: string) => measured.find((one) => one.id === id)?.speedup
    const rateOf = (id: string) => measured.find((one) => one.id === id)?.imagesPerSecond as number
    expect(speedupOf('ddp+pytorch')).toBeCloseTo(rateOf('ddp+pytorch') / rateOf('single+pytorch'))
    expect(speedupOf('ddp')).toBeCloseTo(rateOf('ddp') / rateOf('single'))
  })

  it('train on the same pictures, and test on all of them', () => {
    const epochs = results.measurements.flatMap(({ id, epochs: [epoch] }) =>
      epoch ? [{ id, ...epoch }] : [],
    )
    for (const { images, testAccuracy } of epochs) {
      expect(images).toBe(48)
      expect(testAccuracy).toBeGreaterThanOrEqual(0)
    }
  })

  it('stand side by side in the terminal, with the versions in the passport', () => {
    for (const title of ['Single · WebAssembly', 'Single · PyTorch', 'DDP · WebAssembly', 'DDP · PyTorch'])
      expect(output).toMatch(new RegExp(`│ ${title} +│`))
    expect(output).toContain('Speedup DDP · PyTorch vs Single · PyTorch:')
    expect(results.machine.pytorch?.version).toMatch(/^\d+\.\d+/)
  })

  it('stand side by side in what is handed on', async () => {
    const report = startTandem([
      ...['report', file('results.json'), '--html', file('report.html'), '--markdown', file('report.md')],
    ])
    expect(await report.ended(), report.output()).toBe(0)
    for (const name of ['report.html', 'report.md']) {
      const text = await readFile(file(name), 'utf8')
      for (const title of ['DDP · WebAssembly', 'DDP · PyTorch']) expect(text).toContain(title)
    }
  })
})
