import { describe, expect, it } from 'vitest'
import {
  allCores,
  isBase,
  lookOf,
  measurementId,
  measurementIdPattern,
  planPosition,
} from './measurement-ids.js'
import { baseStrategy, hasItsDevices, strategies, strategyNames } from './strategies.js'

const facts = strategyNames.map((name) => strategies[name])

describe('the table of strategies', () => {
  it('has one base, on one device', () => {
    expect(facts.filter((strategy) => strategy.isBase)).toEqual([strategies[baseStrategy]])
    expect(strategies[baseStrategy]).toMatchObject({ leastDevices: 1, mostDevices: 1 })
  })

  it('tells strategies apart by title, by colour in both themes, and by dash', () => {
    const looks = [...facts.map(({ look }) => look), allCores.look]
    for (const traits of [
      facts.map(({ title }) => title),
      looks.map(({ light }) => light),
      looks.map(({ dark }) => dark),
      looks.map(({ dash }) => dash.join()),
    ]) {
      expect(new Set(traits).size).toBe(traits.length)
    }
  })

  it('names every measurement that can be planned, and nothing else', () => {
    const planned = [...strategyNames.map((name) => measurementId(name)), allCores.id]
    const swept = strategyNames.filter((name) => name !== baseStrategy).map((name) => measurementId(name, 4))
    for (const id of [...planned, ...swept]) expect(id).toMatch(measurementIdPattern)
    for (const id of [measurementId(baseStrategy, 2), `${allCores.id}@2`, 'ddp@', 'ddp2', '']) {
      expect(id).not.toMatch(measurementIdPattern)
    }
    expect(planned.filter((id) => isBase({ id }))).toEqual([baseStrategy])
  })

  it('draws a part of the devices like all of them, and what it does not know in grey', () => {
    expect(lookOf('ddp@2')).toEqual(lookOf('ddp'))
    expect(lookOf('fsdp').dash).toEqual([])
  })

  it('knows which processes and devices a strategy can have', () => {
    expect(hasItsDevices('single', 1, 1)).toBe(true)
    expect(hasItsDevices('single', 2, 1)).toBe(false)
    expect(hasItsDevices('dp', 4, 1)).toBe(true)
    expect(hasItsDevices('dp', 1, 1)).toBe(false)
    expect(hasItsDevices('ddp', 4, 4)).toBe(true)
    expect(hasItsDevices('ddp', 1, 1)).toBe(true)
    expect(hasItsDevices('ddp', 4, 1)).toBe(false)
  })

  it('puts measurements in the order of the table, a sweep by its devices', () => {
    const measured = [
      { id: 'ddp', strategy: 'ddp', devices: [0, 1, 2, 3] },
      { id: 'ddp@2', strategy: 'ddp', devices: [0, 1] },
      { id: 'dp', strategy: 'dp', devices: [0, 1, 2, 3] },
      { id: allCores.id, strategy: 'single', devices: [0] },
      { id: 'single', strategy: 'single', devices: [0] },
    ] as const
    const inOrder = [...measured].sort((a, b) => planPosition(a) - planPosition(b)).map(({ id }) => id)
    expect(inOrder).toEqual(['single', allCores.id, 'dp', 'ddp@2', 'ddp'])
  })
})
