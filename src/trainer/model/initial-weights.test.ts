import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { type Architecture, createModel } from './create-model.js'
import { generatorVersion, openInitialWeights } from './initial-weights.js'
import { heNormal, uniformByInputs } from './initialisers.js'
import { parameterChecksum } from './parameter-checksum.js'
import { drawnFrom, type InitialValues } from './variables.js'

let directory: string
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'tandem-weights-')), 'made-when-needed')
})
afterEach(() => rm(join(directory, '..'), { recursive: true }))

describe('initial weights in a file', () => {
  const architecture: Architecture = { kind: 'plain' }
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())

  /** The model's checksum, and how many of its parameters had to be drawn. */
  async function make(seed = 1): Promise<{ checksum: string; drawn: number }> {
    const weights = await openInitialWeights(directory, architecture, seed)
    let drawn = 0
    const values: InitialValues = (index, count, initialiser) =>
      weights.values(index, count, (...given) => {
        drawn++
        return initialiser(...given)
      })
    const checksum = checksumWith(values)
    await weights.keep()
    return { checksum, drawn }
  }

  function checksumWith(values: InitialValues): string {
    const model = createModel(architecture, values)
    const checksum = parameterChecksum(model)
    model.dispose()
    return checksum
  }

  async function onlyFile(): Promise<string> {
    const names = await readdir(directory)
    expect(names).toHaveLength(1)
    return join(directory, names[0] as string)
  }

  it('are drawn once, and the same bits from then on', async () => {
    const drawn = checksumWith(drawnFrom(1))
    expect(await make()).toEqual({ checksum: drawn, drawn: 4 })
    expect(await make()).toEqual({ checksum: drawn, drawn: 0 })
  })

  it('are those of their seed', async () => {
    await make(1)
    expect(await make(2)).toEqual({ checksum: checksumWith(drawnFrom(2)), drawn: 4 })
    expect(await make(1)).toEqual({ checksum: checksumWith(drawnFrom(1)), drawn: 0 })
  })

  it('are drawn by all that start together, who leave one whole file', async () => {
    const ranks = await Promise.all([make(), make(), make()])
    expect(new Set(ranks.map(({ checksum }) => checksum))).toEqual(new Set([checksumWith(drawnFrom(1))]))
    await onlyFile()
    expect(await make()).toMatchObject({ drawn: 0 })
  })

  it.each([
    [
      'one bit differs',
      (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9),
    ],
    ['its header is no JSON', (bytes: Buffer) => bytes.write('x', 0)],
    ['its header is of something else', (bytes: Buffer) => bytes.write('seed 7', bytes.indexOf('seed 1'))],
  ])('are drawn again where %s', async (_what, damage) => {
    await make()
    const file = await onlyFile()
    const bytes = await readFile(file)
    damage(bytes)
    await writeFile(file, bytes)
    expect(await make()).toEqual({ checksum: checksumWith(drawnFrom(1)), drawn: 4 })
    expect(await make()).toMatchObject({ drawn: 0 })
  })

  it.each([0, 10, 1_000])('are drawn again where the file ends after %i bytes', async (length) => {
    await make()
    await truncate(await onlyFile(), length)
    expect(await make()).toEqual({ checksum: checksumWith(drawnFrom(1)), drawn: 4 })
    expect(await make()).toMatchObject({ drawn: 0 })
  })

  it('are drawn each time where the folder cannot be', async () => {
    await mkdir(join(directory, '..'), { recursive: true })
    await writeFile(directory, 'a file in its place')
    expect(await make()).toEqual({ checksum: checksumWith(drawnFrom(1)), drawn: 4 })
    expect(await make()).toMatchObject({ drawn: 4 })
    expect(await readFile(directory, 'utf8')).toBe('a file in its place')
  })

  it('are marked as used when they are read', async () => {
    await make()
    const file = await onlyFile()
    await utimes(file, new Date(0), new Date(0))
    await make()
    expect((await stat(file)).mtimeMs).toBeGreaterThan(0)
  })
})

describe('what is drawn under a seed', () => {
  /** Kept files hold values of this version: whoever changes what is drawn raises it, and writes these anew. */
  it('has not changed within this version of the generator', () => {
    expect(generatorVersion).toBe(1)
    expect([...drawnFrom(7)(2, 3, uniformByInputs(16))]).toEqual([
      -0.188973069190979, -0.14820779860019684, -0.2261955887079239,
    ])
    const normal = [...drawnFrom(7)(3, 3, heNormal([3, 3, 4, 8]))]
    // Sine and logarithm are V8's, and may be rounded otherwise by another one.
    const expected = [-0.24609635770320892, -0.5359067916870117, 0.30274859070777893]
    expect(normal).toEqual(expected.map((value) => expect.closeTo(value, 6)))
  })
})
