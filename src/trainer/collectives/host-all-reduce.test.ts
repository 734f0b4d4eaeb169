import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import { nodeBinaries } from '../../child/test-support/node-binaries.js'
import { platform } from '../platform/index.js'
import type { GroupPlan, Rounds } from '../test-support/collective-protocol.js'
import { askAll, joinAll, type RankProcess, startRanks } from '../test-support/rank-group.js'

const implementations = [
  {
    implementation: 'shared-memory' as const,
    nodes: nodeBinaries,
    available: platform.sharedMemory !== null,
    parent: '/dev/shm',
    placeIn: (folder: string) => join(folder, 'group'),
  },
  {
    implementation: 'files' as const,
    // Plain Node: what differs from version to version is native code.
    nodes: nodeBinaries.slice(0, 1),
    available: true,
    parent: tmpdir(),
    placeIn: (folder: string) => folder,
  },
]

const variants = implementations.flatMap((implementation) =>
  implementation.nodes.map((node) => ({ ...implementation, node: node.name, path: node.path })),
)

let rankProgram: BuiltEntry

beforeAll(async () => {
  rankProgram = await buildForNode('trainer/test-support/collective-rank.ts')
})
afterAll(() => rankProgram.dispose())

describe.each(variants)('all-reduce by $implementation under $node', (variant) => {
  const { implementation, available, parent, placeIn, path } = variant
  const possible = available && path !== null
  let folder: string
  let ranks: RankProcess[] = []

  const start = (count: number) => {
    ranks = startRanks(rankProgram.path, path ?? '', count)
    return ranks
  }
  const plan = (changes: Partial<GroupPlan> = {}): Omit<GroupPlan, 'worldSize'> => ({
    implementation,
    place: placeIn(folder),
    elementCount: 7,
    timeoutMs: 30_000,
    ...changes,
  })
  const group = async (count: number, changes: Partial<GroupPlan> = {}) => {
    await joinAll(start(count), plan(changes))
    return ranks
  }

  beforeEach(({ skip }) => {
    if (!possible) skip()
    folder = mkdtempSync(join(parent, 'tandem-test-'))
  })
  afterEach(async () => {
    await Promise.all(ranks.map((rank) => rank.kill()))
    ranks = []
    if (possible) rmSync(folder, { recursive: true, force: true })
  })

  const expectRightAndAlike = async (rounds: Rounds) => {
    const results = await askAll(ranks, 'rounds', () => rounds)
    for (const result of results) expect(result).toEqual({ wrongElements: 0, digest: results[0]?.digest })
  }

  describe.each([2, 4])('with %i ranks', (worldSize) => {
    it.each([1, 7, 1_000_003])('sums %i elements, alike to the bit on every rank', async (elementCount) => {
      await group(worldSize, { elementCount })
      await expectRightAndAlike({ count: 2, values: 'whole', longestDelayMs: 0 })
      await expectRightAndAlike({ count: 2, values: 'fractions', longestDelayMs: 0 })
    })

    it('loses no wake-up over many rounds in which ranks come late', async () => {
      await group(worldSize, { elementCount: 33 })
      const count = implementation === 'shared-memory' ? 2000 : 100
      await expectRightAndAlike({ count, values: 'whole', longestDelayMs: 3 })
    })

    it('gives every rank the vector of rank 0 on broadcast, and sums again after', async () => {
      await group(worldSize, { elementCount: 1000 })
      const results = await askAll(ranks, 'broadcast', () => ({}))
      for (const result of results) expect(result).toEqual({ wrongElements: 0, digest: results[0]?.digest })
      await expectRightAndAlike({ count: 1, values: 'whole', longestDelayMs: 0 })
    })

    it('leaves nothing behind', async () => {
      await group(worldSize)
      await expectRightAndAlike({ count: 3, values: 'whole', longestDelayMs: 0 })
      expect(readdirSync(folder)).toEqual([])
      await askAll(ranks, 'close', () => ({}))
      expect(readdirSync(folder)).toEqual([])
    })
  })

  it.each([1, 2, 3, 5, 16])(
    'sums on %i ranks a vector that they do not divide, rounded to bfloat16 on its way or not',
    async (worldSize) => {
      await group(worldSize, { elementCount: 1003 })
      const rounds: Rounds = { count: 2, values: 'fractions', longestDelayMs: 0 }
      await expectRightAndAlike(rounds)
      await expectRightAndAlike({ ...rounds, format: 'bfloat16' })
      await expectRightAndAlike(rounds)
    },
  )

  it('names the rank that was killed, on all others, and then refuses further calls', async () => {
    const [first, second, third] = await group(3, { timeoutMs: 3_000 })
    await second?.kill()
    const failure = { code: 'collective-timeout', message: 'rank 1 did not arrive within 3 s' }
    await Promise.all(
      [first, third].map((rank) => expect(rank?.ask('sum', {})).rejects.toMatchObject(failure)),
    )
    await expect(first?.ask('sum', {})).rejects.toMatchObject(failure)
    await Promise.all([first?.ask('close', {}), third?.ask('close', {})])
    expect(readdirSync(folder)).toEqual([])
  })

  it('names all ranks that never joined', async () => {
    const [first] = start(1)
    const joining = first?.ask('join', { plan: { ...plan({ timeoutMs: 300 }), worldSize: 3 }, rank: 0 })
    await expect(joining).rejects.toMatchObject({
      code: 'collective-timeout',
      message: 'ranks 1, 2 did not arrive within 0.3 s',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('names rank 0 when it never made the group', async () => {
    const [late] = start(1)
    const joining = late?.ask('join', { plan: { ...plan({ timeoutMs: 300 }), worldSize: 2 }, rank: 1 })
    await expect(joining).rejects.toMatchObject({ message: 'rank 0 did not arrive within 0.3 s', rank: 1 })
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['call', 'group'] as const)('obeys a stop of the %s that arrives while it waits', async (which) => {
    const [waiting] = await group(2)
    const sum = expect(waiting?.ask('sum', {})).rejects.toMatchObject({ code: 'stopped' })
    await waiting?.ask('abort', { which })
    await sum
  })

  it('can be closed while it waits', async () => {
    const [waiting] = await group(2)
    const sum = expect(waiting?.ask('sum', {})).rejects.toMatchObject({ code: 'stopped' })
    await waiting?.ask('close', {})
    await sum
    await expect(waiting?.ask('sum', {})).rejects.toMatchObject({
      message: expect.stringContaining('closed'),
    })
  })

  it('refuses ranks that were started for different vectors', async () => {
    const [zero, one] = start(2)
    const shape = (elementCount: number) => ({ ...plan({ elementCount, timeoutMs: 2000 }), worldSize: 2 })
    const joining = [
      zero?.ask('join', { plan: shape(9), rank: 0 }),
      one?.ask('join', { plan: shape(7), rank: 1 }),
    ]
    const outcomes = await Promise.allSettled(joining)
    expect(outcomes[0]?.status).toBe('rejected')
    expect(outcomes[1]).toMatchObject({
      reason: {
        code: 'collective-mismatch',
        message: 'rank 1 expects 7 elements and 2 ranks, rank 0 9 elements and 2 ranks',
      },
    })
  })

  it('says which folder cannot be used', async () => {
    const [first] = start(1)
    const missing = join(folder, 'missing', 'deeper')
    const joining = first?.ask('join', { plan: { ...plan({ place: missing }), worldSize: 2 }, rank: 0 })
    await expect(joining).rejects.toMatchObject({
      code: 'exchange-folder-unusable',
      message: expect.stringContaining(missing),
    })
  })
})
