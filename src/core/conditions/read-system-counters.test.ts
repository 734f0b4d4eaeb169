import { afterEach, describe, expect, it } from 'vitest'
import { parsePressure } from './memory-state.js'
import { parseQuotaPeriods, readSystemCounters } from './read-system-counters.js'
import { madeUpSystem } from './system-folders.fixture.js'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

async function countersWith(files: Record<string, string>) {
  const system = await madeUpSystem(files)
  removals.push(system.remove)
  return await readSystemCounters(system)
}

describe('the system’s counters', () => {
  it('are null where there are none', async () => {
    expect(await countersWith({})).toEqual({
      thermalThrottles: null,
      quotaPeriods: null,
      memoryStalledMs: null,
    })
  })

  it('are of all cores, of the group that is throttled most, and of the whole machine', async () => {
    const core = (number: number) =>
      `sys/devices/system/cpu/cpu${number}/thermal_throttle/core_throttle_count`
    expect(
      await countersWith({
        [core(0)]: '3',
        [core(1)]: '4',
        'proc/self/cgroup': '0::/pod/container',
        'sys/fs/cgroup/pod/cpu.stat': 'usage_usec 1\nnr_periods 100\nnr_throttled 20\nthrottled_usec 5',
        'sys/fs/cgroup/pod/container/cpu.stat': 'usage_usec 1\nnr_periods 50\nnr_throttled 2',
        'proc/pressure/memory':
          'some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0 avg60=0 avg300=0 total=1',
      }),
    ).toEqual({
      thermalThrottles: 7,
      quotaPeriods: { all: 100, throttled: 20 },
      memoryStalledMs: 2_500,
    })
  })

  it('of a group without a quota count no period', () => {
    expect(parseQuotaPeriods('usage_usec 100\nnr_periods 0\nnr_throttled 0')).toBeNull()
    expect(parseQuotaPeriods('')).toBeNull()
  })

  it('take no other text for pressure', () => {
    expect(parsePressure('none of it')).toBeNull()
    expect(parsePressure('')).toBeNull()
  })
})
