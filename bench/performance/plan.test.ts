import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeGroups, planSuite } from './plan.js'
import type { BenchCase, CaseGroup, Section } from './suite.js'

const benchCase = (id: string): BenchCase => ({ id, title: id, cores: [], measure: async () => ({}) })
const group = (id: string, repeats: number, ...ids: string[]): CaseGroup => ({
  id,
  repeats,
  cases: ids.map(benchCase),
})
const section = (...groups: CaseGroup[]): Section => ({ name: 'single', groups, findings: [] })
const outline = (groups: readonly CaseGroup[]) =>
  groups.map(({ id, repeats, cases }) => [id, repeats, cases.map((one) => one.id)])

const someGroups = () =>
  fc
    .uniqueArray(fc.string(), { maxLength: 5 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id) =>
          fc
            .tuple(
              fc.integer({ min: 0, max: 6 }),
              fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }),
            )
            .map(([repeats, cases]) => group(id, repeats, ...cases)),
        ),
      ),
    )

describe('groups that sections share', () => {
  it('are measured once, with the cases of all and the most repeats', () => {
    const merged = mergeGroups([
      section(group('fp32', 5, 'peak', 'single')),
      section(group('fp32', 7, 'single', 'ddp'), group('wasm', 3, 'wasm')),
    ])
    expect(outline(merged)).toEqual([
      ['fp32', 7, ['peak', 'single', 'ddp']],
      ['wasm', 3, ['wasm']],
    ])
  })
})

describe('the plan of a suite', () => {
  it('has each group as often as it asks for, with every case once', () => {
    fc.assert(
      fc.property(someGroups(), fc.nat(), (groups, seed) => {
        const blocks = planSuite(groups, seed)
        for (const { id, repeats, cases } of groups) {
          const own = blocks.filter((block) => block.group === id)
          expect(own.map(({ index }) => index)).toEqual(Array.from({ length: repeats }, (_, index) => index))
          for (const block of own) {
            expect(block.cases.map((one) => one.id).sort()).toEqual(cases.map((one) => one.id).sort())
          }
        }
        expect(blocks).toHaveLength(groups.reduce((total, { repeats }) => total + repeats, 0))
      }),
    )
  })

  it('has no group twice before every other that is still measured had its turn', () => {
    const blocks = planSuite([group('a', 3, 'x'), group('b', 3, 'x'), group('c', 1, 'x')], 1)
    const rounds = [blocks.slice(0, 3), blocks.slice(3, 5), blocks.slice(5)]
    expect(rounds.map((round) => round.map((block) => block.group).sort())).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it('begins the same with more repeats, so that a suite can be continued', () => {
    const order = (repeats: number) =>
      planSuite([group('a', repeats, 'x', 'y', 'z'), group('b', repeats, 'x', 'y')], 7).map((block) => [
        block.group,
        ...block.cases.map((one) => one.id),
      ])
    expect(order(9).slice(0, 8)).toEqual(order(4))
  })

  it('orders groups of as many cases each in its own way', () => {
    const blocks = planSuite([group('a', 12, 'x', 'y', 'z'), group('b', 12, 'x', 'y', 'z')], 3)
    const orders = (id: string) =>
      blocks.filter((block) => block.group === id).map(({ cases }) => cases.map((one) => one.id).join())
    expect(orders('a')).not.toEqual(orders('b'))
  })
})
