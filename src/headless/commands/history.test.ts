import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measuredResults } from '../../core/results/measured-results.fixture.js'
import { commandLine } from '../command-line.fixture.js'

let folder: string
const [older, newer] = ['20260131-142530-9f3a1c', '20260131-142531-00aa00']

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-history-command-'))
  for (const runId of [older, newer]) {
    await writeFile(join(folder, `${runId}.json`), JSON.stringify(measuredResults({ runId })))
  }
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const history = (...args: string[]) => commandLine(['history', ...args], { folder })

async function said(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await history(...args)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  return stdout
}

const importBoth = (): Promise<string> =>
  said('import', ...[older, newer].map((runId) => join(folder, `${runId}.json`)))

describe('tandem history', () => {
  it('lists the example alone, and then what was imported, newest first', async () => {
    expect(await said('list', 'nothing')).toBe('No runs.\n')
    const example = await said('list')
    expect(example.match(/example/g)).toHaveLength(1)
    expect(await importBoth()).toBe(
      [older, newer].map((runId) => `${join(folder, `${runId}.json`)}: run ${runId}\n`).join(''),
    )
    const text = await said('list')
    expect(text.indexOf(newer)).toBeLessThan(text.indexOf(older))
    expect(await said('list', '--limit', '1')).toMatch(/and \d older runs\n$/)
  })

  it('names, notes, finds and pins', async () => {
    await importBoth()
    expect(await said('rename', older, ' before\nthe  fix ')).toBe(`Run ${older} is now: before the fix\n`)
    expect(await said('note', 'before the fix', 'fan was loud')).toBe(`Noted on run ${older}\n`)
    expect(await said('pin', '9f3a1c')).toBe(`Run ${older} is the baseline\n`)
    const found = JSON.parse(await said('list', '--json', 'LOUD', 'before'))
    expect(found).toMatchObject({
      total: 1,
      runs: [{ runId: older, isBaseline: true, label: { name: 'before the fix', notes: 'fan was loud' } }],
    })
    expect(await said('list', 'baseline')).toContain('before the fix')
    expect(await said('rename', older, '')).toBe(`Run ${older} has no name\n`)
    expect(await said('note', older, ' ')).toBe(`Run ${older} has no notes\n`)
    expect(await said('unpin')).toBe('No run is the baseline\n')
    expect(JSON.parse(await said('list', '--json', 'baseline')).total).toBe(0)
  })

  it('deletes, and has back what was deleted', async () => {
    await importBoth()
    expect(await said('delete', 'latest')).toContain(`tandem history restore ${newer}`)
    expect(await said('list')).not.toContain(newer)
    await said('restore', newer)
    expect(await said('list')).toContain(newer)
  })

  it('prints no mark that a terminal would obey', async () => {
    await importBoth()
    await said('rename', older, 'a\u001b]0;title\u0007b\u202ec')
    expect((await said('list')).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it.each([
    [['pin', 'nothing'], 'there is no run nothing in the history'],
    [['pin', '2999'], 'there is no run 2999 in the history'],
    [['restore', older], `run ${older}`],
    [['restore', '../..'], 'run ../..'],
    [['import', 'no-such.json'], 'no-such.json'],
    [['rename', 'nothing'], "missing required argument 'name'"],
    [['list', '--limit', '0'], 'Allowed: whole numbers from 1'],
    [['lis'], "unknown command 'lis' (Did you mean list?)"],
  ])('refuses %j in one line', async (args, expected) => {
    const { exitCode, stdout, stderr } = await history(...args)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
    expect(stderr).toContain(expected)
    expect(exitCode).toBe(2)
  })

  it('does not guess which run is meant, import one twice, or keep a novel', async () => {
    await importBoth()
    for (const [args, expected] of [
      [['delete', '20260131'], `20260131 is more than one run: ${newer} and ${older}`],
      [['import', join(folder, `${older}.json`)], `run ${older} is in the history already`],
      [['rename', older, 'x'.repeat(121)], 'a name of more than 120 characters'],
    ] as const) {
      const { exitCode, stderr } = await history(...args)
      expect(stderr).toContain(expected)
      expect(exitCode).toBe(2)
    }
    expect(JSON.parse(await said('list', '--json')).total).toBe(3)
  })
})
