import { cpus } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { busyShares, type CoreTimes, coreTimesOf, parseProcStat } from './core-times.js'

const stat = `cpu  30 0 30 300 30 3 3 3 0 0
cpu0 10 1 20 100 10 1 2 3 10 0
cpu2 20 0 10 200 20 2 1 0 0 0
intr 764023 0 0
ctxt 1990473
`

describe('parseProcStat', () => {
  it('reads one line a core, an offline one left out', () => {
    expect(parseProcStat(stat)).toEqual([
      { busy: 34, idle: 110, steal: 3 },
      null,
      { busy: 33, idle: 220, steal: 0 },
    ])
  })

  it('does not know what was stolen where the kernel does not count it', () => {
    expect(parseProcStat('cpu0 10 1 20 100\n')).toEqual([{ busy: 31, idle: 100, steal: null }])
  })

  it.each(['', 'cpu 1 2 3 4', 'cpu0 1 2', 'cpu0 a b c d', 'cpu0 1 -2 3 4'])('reads no core in %j', (text) => {
    expect(parseProcStat(text).filter((core) => core !== null)).toEqual([])
  })
})

describe('busyShares', () => {
  it('is what was used of the time that passed; what was stolen is neither busy nor idle', () => {
    const before = [{ busy: 100, idle: 100, steal: 100 }]
    const after = [{ busy: 125, idle: 150, steal: 125 }]
    expect(busyShares(before, after)).toEqual({ cores: [0.25], stealShare: 0.25 })
  })

  it('is unknown for a core that was offline in one of the readings', () => {
    const core = { busy: 1, idle: 1, steal: 0 }
    const later = { busy: 2, idle: 2, steal: 0 }
    expect(busyShares([core, null, core], [later, later, null]).cores).toEqual([0.5, null, null])
    expect(busyShares([core], [later, later]).cores).toEqual([0.5, null])
  })

  it('is unknown when no time passed', () => {
    const core = { busy: 1, idle: 1, steal: 0 }
    expect(busyShares([core], [core])).toEqual({ cores: [null], stealShare: null })
  })

  it('stays between 0 and 1 whatever the counters do', () => {
    const counter = fc.nat(1_000_000)
    const core: fc.Arbitrary<CoreTimes | null> = fc.option(
      fc.record({ busy: counter, idle: counter, steal: fc.option(counter) }),
    )
    fc.assert(
      fc.property(fc.array(core), fc.array(core), (before, after) => {
        const { cores, stealShare } = busyShares(before, after)
        for (const share of [...cores, stealShare]) {
          expect(share === null || (share >= 0 && share <= 1)).toBe(true)
        }
      }),
    )
  })

  it('is right for times that only grow', () => {
    const grown = fc.record({ busy: fc.nat(1000), idle: fc.nat(1000), steal: fc.nat(1000) })
    fc.assert(
      fc.property(fc.array(fc.tuple(grown, grown), { minLength: 1 }), (cores) => {
        const before = cores.map(([start]) => start)
        const after = cores.map(([start, more]) => ({
          busy: start.busy + more.busy,
          idle: start.idle + more.idle,
          steal: start.steal + more.steal,
        }))
        const expected = cores.map(([, { busy, idle, steal }]) => {
          const passed = busy + idle + steal
          return passed === 0 ? null : busy / passed
        })
        expect(busyShares(before, after).cores).toEqual(expected)
      }),
    )
  })
})

it('Node itself knows the same of this machine, without what was stolen', () => {
  const times = coreTimesOf(cpus())
  expect(times).toHaveLength(cpus().length)
  expect(times.every((core) => core !== null && core.busy + core.idle > 0 && core.steal === null)).toBe(true)
})
