import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measuredResults } from '../../core/results/measured-results.fixture.js'
import { commandLine } from '../command-line.fixture.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-compare-'))
  await writeResults('a.json', { stepMs: 100 })
  await writeResults('same.json', { runId: '20260201-080000-00aa00', stepMs: 100.5 })
  const startedAt = '2026-02-02T08:00:00.000Z'
  await writeResults('slower.json', { runId: '20260202-080000-00bb00', stepMs: 112 }, { startedAt })
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function writeResults(
  name: string,
  measuring: Parameters<typeof measuredResults>[0],
  changes: object = {},
): Promise<void> {
  const results = { ...measuredResults({ blocks: 3, stepsPerEpoch: 16, ...measuring }), ...changes }
  await writeFile(join(folder, name), JSON.stringify(results))
}

/** `@` stands for the test's folder. */
function tandem(line: string) {
  return commandLine(line.replaceAll('@', `${folder}/`).split(' '), { folder })
}

describe('tandem compare', () => {
  it('says which runs they are, what they differ in, and what changed', async () => {
    await writeResults(
      'b.json',
      { stepMs: 112 },
      { machine: { ...measuredResults().machine, cpuModel: 'Another' } },
    )
    const { exitCode, stdout, stderr } = await tandem('compare @a.json @b.json')

    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^A: Custom: ResNet-18 on the sample on workstation, 2026-01-31, run \S+: valid with warnings\nB: /,
    )
    expect(stdout).toMatch(/Processor \* +\S+ +Some CPU +\S+ +Another/)
    expect(stdout).toContain('Throughput can differ because of what is marked with *.')
    expect(stdout).toMatch(
      /DDP: B is slower than A, 0\.8\dx the throughput \(95 % 0\.8\d to 0\.9\d; 3 and 3 repeats\)/,
    )
    expect(stdout).not.toContain('Limit of')
  })

  it.each([
    ['compare @a.json @same.json --max-regression 5%', 0, 'Limit of 5 %: no regression beyond it'],
    ['compare @a.json @slower.json --max-regression 20%', 0, 'Limit of 20 %: no regression beyond it'],
    ['compare @slower.json @a.json --max-regression 0%', 0, 'Limit of 0 %: no regression beyond it'],
    [
      'compare @a.json @slower.json --max-regression 5%',
      3,
      'Limit of 5 %: regression of Single, Single (all',
    ],
    [
      'compare @a.json @slower.json --max-regression 2.5%',
      3,
      'certainly slower by more than the limit: the whole interval lies beyond it',
    ],
  ])('%s ends with %i', async (line, expected, text) => {
    const { exitCode, stdout } = await tandem(line)
    expect(stdout).toContain(text)
    expect(exitCode).toBe(expected)
  })

  it('passes nothing that could not be held against the base', async () => {
    const { configuration } = measuredResults({ blocks: 3 })
    await writeResults('mixed.json', {}, { configuration: { ...configuration, precision: 'mixed' } })
    const { exitCode, stdout } = await tandem('compare @a.json @mixed.json --max-regression 5%')

    expect(stdout).toContain('one trained in fp32 precision, the other in mixed precision')
    expect(exitCode).toBe(1)
  })

  it('ends with 1 where a figure is unreliable, and says which', async () => {
    await writeResults('few.json', { stepsPerEpoch: 4 })
    for (const line of ['compare @a.json @few.json', 'compare @a.json @few.json --max-regression 50%']) {
      const { exitCode, stdout } = await tandem(line)
      expect(stdout).toMatch(/^B: .*: unreliable, measure again$/m)
      expect(stdout).toContain('(unreliable)')
      expect(exitCode).toBe(1)
    }
  })

  it('prints one document for programs, and tables for a pull request', async () => {
    const document = JSON.parse(
      (await tandem('compare @a.json @slower.json --max-regression 5% --json')).stdout,
    )
    expect(document).toMatchObject({
      comparison: {
        runs: [{}, { runId: '20260202-080000-00bb00' }],
        strategies: [{ id: 'single' }, {}, {}, {}],
      },
      check: { limit: 0.05, outcome: 'regression' },
    })
    const { stdout } = await tandem('compare @a.json @slower.json --markdown')
    expect(stdout).toMatch(/^### Tandem: two runs compared\n/)
  })

  it('takes runs of the history: by id, by a part of it, by name, the latest, the baseline', async () => {
    await tandem('history import @a.json @slower.json')
    await tandem('history rename 20260131-142530-9f3a1c before')
    await tandem('history pin before')
    for (const line of [
      'compare 20260131-142530-9f3a1c 20260202-080000-00bb00',
      'compare 20260131 00bb00',
      'compare BEFORE latest',
      'compare baseline @slower.json',
      'compare latest',
    ]) {
      const { exitCode, stdout, stderr } = await tandem(line)
      expect(stderr, line).toBe('')
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^A: .*2026-01-31.*\nB: .*2026-02-02/)
    }
  })

  it('obeys nothing that names and machines bring along', async () => {
    const machine = {
      ...measuredResults().machine,
      hostName: 'a\u001b[2Jb\u0007\n\u202ec',
      cpuModel: '\u009b31mred',
    }
    await writeResults('hostile.json', {}, { machine })
    const { exitCode, stdout } = await tandem('compare @a.json @hostile.json')

    expect(exitCode).toBe(0)
    expect(stdout).toContain('a[2Jb c')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it.each([
    ['compare @missing.json @a.json', /missing\.json cannot be read: it does not exist/],
    ['compare @ @a.json', /it is a folder/],
    ['compare @a.json nothing', /there is no run nothing in the history/],
    ['compare latest', /no run is pinned as the baseline/],
    ['compare baseline @a.json', /no run is pinned as the baseline/],
    ['compare', /missing required argument 'base'/],
    ['compare @a.json @a.json @a.json', /too many arguments/],
    ['compare @a.json @a.json --max-regression 5', /Allowed: percentages from 0% to below 100%/],
    ['compare @a.json @a.json --max-regression 100%', /Allowed: percentages/],
    ['compare @a.json @a.json --json --markdown', /cannot be used with/],
  ])('%s is bad usage, in one line', async (line, expected) => {
    const { exitCode, stdout, stderr } = await tandem(line)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(2)
  })

  it.each([
    ['that is not JSON', 'epoch,loss\n1,2', /cannot be used: it is not JSON/],
    [
      'that is cut off',
      JSON.stringify(measuredResults()).slice(0, 5_000),
      /not JSON, or only the beginning of it/,
    ],
    ['of a newer Tandem', '{"format":"tandem-results","version":99}', /has version 99/],
    [
      'that contradicts itself',
      JSON.stringify(measuredResults()).replace('"worldSize":2', '"worldSize":3'),
      /cannot/,
    ],
  ])('names a file %s, with what to do', async (_what, text, expected) => {
    await writeFile(join(folder, 'bad.json'), text)
    const { exitCode, stdout, stderr } = await tandem('compare @a.json @bad.json')
    expect(stdout).toBe('')
    expect(stderr).toContain(join(folder, 'bad.json'))
    expect(stderr).toMatch(expected)
    expect(exitCode).toBe(2)
  })
})
