import { describe, expect, it } from 'vitest'
import { fakeCatalogue, someUse } from './fake-catalogue.fixture.js'
import { timeLowerings } from './time-lowerings.js'

const use = someUse('PaddedConv2D', 8)
const signal = new AbortController().signal

describe('timing lowerings', () => {
  it('gives each its time', async () => {
    const { catalogue, nowMs } = fakeCatalogue(() => ({ operation: 10, patches: 12 }))
    expect(await timeLowerings(catalogue, use, { nowMs, signal })).toEqual([
      { name: 'operation', ms: 10 },
      { name: 'patches', ms: 12 },
    ])
  })

  it('interleaves those that may win, and times hopeless ones once', async () => {
    const { catalogue, nowMs, runs } = fakeCatalogue(() => ({ operation: 10, slow: 200, patches: 12 }))
    await timeLowerings(catalogue, use, { nowMs, signal })
    expect(runs.filter((name) => name === 'slow')).toHaveLength(2)
    expect(runs.slice(6)).toEqual([...Array(4)].flatMap(() => ['operation', 'patches']))
  })

  it('gives a lowering another chance whose first run was disturbed', async () => {
    const { catalogue, nowMs } = fakeCatalogue((_, runCount) => ({
      operation: 10,
      patches: runCount <= 4 ? 25 : 8,
    }))
    expect(await timeLowerings(catalogue, use, { nowMs, signal })).toContainEqual({ name: 'patches', ms: 8 })
  })

  it('repeats what is too short for the clock, and counts one run', async () => {
    const { catalogue, nowMs, runs } = fakeCatalogue(() => ({ operation: 0.5 }))
    expect(await timeLowerings(catalogue, use, { nowMs, signal })).toEqual([{ name: 'operation', ms: 0.5 }])
    expect(runs.length).toBeGreaterThan(20)
  })

  it('stops when told to, and leaves nothing open', async () => {
    const stop = new AbortController()
    const { catalogue, nowMs, openThings } = fakeCatalogue(() => ({ operation: 10, patches: 12 }))
    stop.abort(new Error('stopped'))
    await expect(timeLowerings(catalogue, use, { nowMs, signal: stop.signal })).rejects.toThrow('stopped')
    expect(openThings()).toBe(0)
  })
})
