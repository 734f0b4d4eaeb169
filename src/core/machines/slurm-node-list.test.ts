import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slurmNodes } from './slurm-node-list.js'

describe('a Slurm node list', () => {
  // What `scontrol show hostnames` prints for each, from Slurm's documentation and its testsuite.
  it.each([
    ['node1', ['node1']],
    ['gnode[10,20,25,37]', ['gnode10', 'gnode20', 'gnode25', 'gnode37']],
    ['tux[0-2]', ['tux0', 'tux1', 'tux2']],
    ['linux[00-02,64]', ['linux00', 'linux01', 'linux02', 'linux64']],
    ['lx[098-101]', ['lx098', 'lx099', 'lx100', 'lx101']],
    ['n[9-11]', ['n9', 'n10', 'n11']],
    ['a[1-2],b,c[3,5-6]', ['a1', 'a2', 'b', 'c3', 'c5', 'c6']],
    ['rack[0-1]_blade[8-9]', ['rack0_blade8', 'rack0_blade9', 'rack1_blade8', 'rack1_blade9']],
    ['gpu-[1-2].cluster.example', ['gpu-1.cluster.example', 'gpu-2.cluster.example']],
  ])('%s names its nodes in order', (list, nodes) => {
    expect(slurmNodes(list)).toEqual(nodes)
  })

  it.each([
    '',
    ',',
    'n[1-2',
    'n]1[',
    'n[]',
    'n[2-1]',
    'n[a-b]',
    'n[1-9:2]',
    'n[[1]]',
    'a b',
    'n[1-2],',
    '../n[1]',
  ])('%j is refused', (list) => {
    expect(() => slurmNodes(list)).toThrow(/cannot be read/)
  })

  it('is refused before it takes memory', () => {
    expect(() => slurmNodes('n[0-999999999]')).toThrow(/more than 65536 nodes/)
    expect(() => slurmNodes('n[0-999][0-999][0-999][0-999]')).toThrow(/more than 65536 nodes/)
  })

  it('written from any ranges gives their numbers', () => {
    const range = fc
      .tuple(fc.nat(9_000), fc.nat(20), fc.integer({ min: 1, max: 6 }))
      .map(([first, more, width]) => ({ first, last: first + more, width }))
    const name = fc.record({
      prefix: fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z-]$/),
      ranges: fc.array(range, { minLength: 1, maxLength: 4 }),
    })
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const padded = (number: number, width: number) => String(number).padStart(width, '0')
        const list = names.map(({ prefix, ranges }) => {
          const texts = ranges.map(({ first, last, width }) =>
            first === last ? padded(first, width) : `${padded(first, width)}-${padded(last, width)}`,
          )
          return `${prefix}[${texts.join(',')}]`
        })
        const expected: string[] = []
        for (const { prefix, ranges } of names) {
          for (const { first, last, width } of ranges) {
            for (let number = first; number <= last; number += 1) {
              expected.push(prefix + padded(number, width))
            }
          }
        }
        expect(slurmNodes(list.join(','))).toEqual(expected)
      }),
    )
  })
})
