import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { root } from '../bootstrap/root.mjs'
import { checkNames } from './check-names.mjs'

const tables = {
  'src/shared/domain/strategies.ts': "export const strategyNames = ['single', 'ddp'] as const",
  'src/shared/domain/models.ts': "export const modelNames = ['resnet18'] as const",
  'src/shared/domain/engines.ts': "export const engineNames = ['wasm'] as const",
}

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** What is found in one file, beside the tables. */
async function foundIn(content: string, file = 'src/core/a.ts'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-names-'))
  folders.push(folder)
  for (const [path, text] of Object.entries({ ...tables, [file]: content })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return (await checkNames(folder)).map(({ file: at, line, text }) => `${at}:${line}: ${text}`)
}

describe('names outside their tables', () => {
  it.each([
    "strategy === 'ddp'",
    "'single' !== strategy",
    "backend == 'wasm'",
    "modelName !== 'resnet18'",
    "id === 'ddp@2'",
    "id === 'single-all-cores'",
    "groups.get('single')",
    "strategies.includes('ddp')",
    "['single', 'other'].includes(strategy)",
    "id.startsWith('ddp')",
  ])('are not tested: %s', async (test) => {
    expect(await foundIn(`const a = 1\nif (${test}) run()`)).toEqual([`src/core/a.ts:2: ${test}`])
  })

  it('are not tested in what is drawn either', async () => {
    const file = 'src/renderer/a.tsx'
    expect(await foundIn("const a = <p>{id === 'ddp' ? 1 : 2}</p>", file)).toEqual([
      `${file}:1: id === 'ddp'`,
    ])
  })

  it('are not switched on, unless the compiler would name a case that is missing', async () => {
    expect(await foundIn("switch (s) { case 'ddp': run(); break; default: stop() }")).toHaveLength(1)
    expect(await foundIn("switch (s) { case 'ddp': run() }")).toHaveLength(1)
    expect(await foundIn("switch (s) { case 'ddp': run(); break; default: assertNever(s, 's') }")).toEqual([])
  })

  it('are tested in the tables, and where the thing itself is made or expected', async () => {
    for (const file of [
      'src/shared/domain/measurement-ids.ts',
      'src/trainer/strategies/create-strategy.ts',
      'src/core/a.test.ts',
      'src/core/a.fixture.ts',
    ]) {
      expect(await foundIn("if (strategy === 'ddp') run()", file)).toEqual([])
    }
  })

  it('may be said: only a test of one is a place that a new row would be missing from', async () => {
    expect(
      await foundIn("const first = { strategy: 'ddp', kind: 'other' }\nif (kind === 'other') run()"),
    ).toEqual([])
  })

  it('are not tested anywhere in Tandem', async () => {
    expect(await checkNames(root)).toEqual([])
  })
})
