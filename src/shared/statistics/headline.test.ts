import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resultsSchema, withoutSteps } from '../results/results.js'
import { strategyResults } from '../results/strategy-results.js'
import { runHeadline } from './headline.js'

const example = resultsSchema.parse(
  JSON.parse(
    readFileSync(
      new URL('../../../resources/recorded-runs/20261125-110450-8ae568/results.json', import.meta.url),
      'utf8',
    ),
  ),
)
const results = strategyResults(example.measurements.map(withoutSteps), example.configuration)

describe('the headline of a run', () => {
  it('says how much faster the last strategy is, where, and how sure that is', () => {
    expect(runHeadline(results)).toBe('DDP is 1.42x faster on 2 CPU devices (1.39 to 1.45)')
  })

  it('speaks of what there is', () => {
    const without = (...ids: string[]) => results.filter(({ id }) => !ids.includes(id))
    expect(runHeadline(without('ddp'))).toBe('DP is 1.61x faster on 2 CPU devices (1.49 to 1.74)')
    expect(runHeadline(without('ddp', 'dp'))).toMatch(/^Single \(all cores\) is 1\.37x faster on 2 cores/)
    expect(runHeadline(results.filter(({ id }) => id === 'single'))).toBe('Single trains 548 images/s')
    expect(runHeadline([])).toBeNull()
  })

  it('claims nothing of one repeat, nor of what is not decided', () => {
    const measured = example.measurements.map(withoutSteps)
    const once = strategyResults(
      measured.filter(({ block }) => block === 0),
      example.configuration,
    )
    expect(runHeadline(once)).toMatch(/^DDP made \d\.\d\dx the images\/s on 2 CPU devices, in one repeat$/)
  })
})
