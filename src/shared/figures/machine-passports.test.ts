import { describe, expect, it } from 'vitest'
import { runStarted } from '../live/live-run.fixture.js'
import { differencesText, machinePassports } from './machine-passports.js'

const { machine } = runStarted([])
const named = (hostName: string, changes = {}) => ({ ...machine, hostName, ...changes })

describe('the passports of several machines', () => {
  it('are one where machines differ in their names alone', () => {
    const { groups, differing, common } = machinePassports([named('atlas'), named('borealis')])
    expect(groups).toEqual(['Nodes 0-1'])
    expect(differing).toEqual([])
    expect(common[0]).toEqual(['Host', 'atlas and borealis'])
    expect(common).toContainEqual(['Processor', machine.cpuModel])
  })

  it('say what differs first, by groups of machines that are alike', () => {
    const old = { gpuDriverVersion: '550.1', memoryBytes: 64 * 2 ** 30 }
    const passports = machinePassports([named('a'), named('b', old), named('c'), named('d', old)])
    expect(passports.groups).toEqual(['Nodes 0, 2', 'Nodes 1, 3'])
    expect(passports.differing.map(({ what }) => what)).toEqual(['Host', 'Memory', 'GPU driver'])
    expect(passports.differing[0]?.values).toEqual(['a and c', 'b and d'])
    expect(passports.differing[1]?.values[1]).toBe('64.0 GiB')
    expect(passports.common.map(([what]) => what)).not.toContain('Memory')
  })

  it('name those that are not as most are', () => {
    const text = (...machines: (typeof machine)[]) => differencesText(machinePassports(machines))
    const old = { gpuDriverVersion: '550.1', memoryBytes: 64 * 2 ** 30 }
    expect(text(named('a'), named('b'))).toBe('All alike')
    expect(text(named('a', old), named('b'), named('c'))).toBe('Node 0 differs in Memory and GPU driver')
    expect(text(named('a'), named('b'), named('c'), named('d', old), named('e', old))).toBe(
      'Nodes 3-4 differ in Memory and GPU driver',
    )
    expect(machinePassports([named('a', old), named('b'), named('c')]).kinds[0]?.unlike).toEqual([
      ['Memory', '64.0 GiB'],
      ['GPU driver', '550.1'],
    ])
  })

  it('have a word for what one machine lacks', () => {
    const link = { interfaceName: 'eth0', bitsPerSecond: 25e9, note: null }
    const { differing } = machinePassports([named('a', { link }), named('b')])
    expect(differing).toContainEqual({ what: 'Link', values: ['eth0, 25 Gbit/s', 'none'] })
  })

  it('count names where there are many', () => {
    const many = Array.from({ length: 16 }, (_, node) => named(`n${node}`))
    const { groups, common } = machinePassports(many)
    expect(groups).toEqual(['Nodes 0-15'])
    expect(common[0]).toEqual(['Host', 'n0, n1, n2 and 13 more'])
  })
})
