import { describe, expect, it } from 'vitest'
import { autotune } from './autotuner.js'
import { openMemoryCache } from './choice-cache.js'
import { fakeCatalogue, someUse } from './fake-catalogue.fixture.js'

const signal = new AbortController().signal
const forward = someUse('PaddedConv2D', 8)
const filterGradient = someUse('PaddedConv2DBackpropFilter', 8)
const largeFilterGradient = someUse('PaddedConv2DBackpropFilter', 16)

describe('the autotuner', () => {
  it('keeps the fastest lowering of each kernel, and counts its uses', async () => {
    const { catalogue, nowMs } = fakeCatalogue(({ kernel }) =>
      kernel === 'PaddedConv2D' ? { operation: 5, patches: 9 } : { operation: 9, patches: 5 },
    )
    const uses = [forward, filterGradient, forward, filterGradient, filterGradient]
    const tuned = await autotune(uses, { catalogue, cache: openMemoryCache(), budgetMs: 1e6, signal, nowMs })
    expect(tuned).toEqual([
      {
        use: forward,
        count: 2,
        usual: 'operation',
        chosen: 'operation',
        times: { operation: 5, patches: 9 },
        fromCache: false,
      },
      {
        use: filterGradient,
        count: 3,
        usual: 'operation',
        chosen: 'patches',
        times: { operation: 9, patches: 5 },
        fromCache: false,
      },
    ])
  })

  it('does not leave the usual lowering for a difference that may be noise', async () => {
    const { catalogue, nowMs } = fakeCatalogue(() => ({ operation: 10, patches: 9.8 }))
    const [tuned] = await autotune([forward], {
      catalogue,
      cache: openMemoryCache(),
      budgetMs: 1e6,
      signal,
      nowMs,
    })
    expect(tuned?.chosen).toBe('operation')
  })

  it('times nothing that it knows from before, and nothing that has one lowering only', async () => {
    const cache = openMemoryCache()
    const times = () => ({ operation: 9, patches: 5 })
    const first = fakeCatalogue(times)
    await autotune([forward], { ...first, cache, budgetMs: 1e6, signal })
    const second = fakeCatalogue((use) => (use === forward ? times() : { operation: 1 }))
    const tuned = await autotune([forward, filterGradient], { ...second, cache, budgetMs: 1e6, signal })
    expect(second.runs).toEqual([])
    expect(tuned).toMatchObject([
      { chosen: 'patches', fromCache: true },
      { chosen: 'operation', times: null, fromCache: false },
    ])
  })

  it('times anew what was stored before a lowering was added', async () => {
    const cache = openMemoryCache()
    await autotune([forward], {
      ...fakeCatalogue(() => ({ operation: 9, patches: 5 })),
      cache,
      budgetMs: 1e6,
      signal,
    })
    const grown = fakeCatalogue(() => ({ operation: 9, patches: 5, 'product by tap': 2 }))
    const [tuned] = await autotune([forward], { ...grown, cache, budgetMs: 1e6, signal })
    expect(tuned?.chosen).toBe('product by tap')
  })

  it('spends its budget on filter gradients first, the costliest of them before others', async () => {
    const { catalogue, nowMs } = fakeCatalogue(() => ({ operation: 9, patches: 5 }))
    const cache = openMemoryCache()
    const uses = [forward, filterGradient, largeFilterGradient]
    const tuned = await autotune(uses, { catalogue, cache, budgetMs: 1, signal, nowMs })
    expect(tuned.map(({ chosen }) => chosen)).toEqual(['operation', 'operation', 'patches'])
    const next = await autotune(uses, { catalogue, cache, budgetMs: 1, signal, nowMs })
    expect(next.map(({ chosen }) => chosen)).toEqual(['operation', 'patches', 'patches'])
  })
})
