import { describe, expect, it } from 'vitest'
import { analyseRun } from '../analysis/run-analysis.js'
import { repeatedRun } from '../report/run-results.fixture.js'
import type { ScalingKind } from '../run/scaling.js'
import { limitsSentences, modelDifference } from './limits-text.js'

function limitsOf(scaling: ScalingKind, ids: Parameters<typeof repeatedRun>[1] = ['single', 'dp', 'ddp']) {
  const run = repeatedRun(3, ids)
  const [limits] = analyseRun({ ...run, configuration: { ...run.configuration, scaling } }).limits
  if (limits === undefined) throw new Error('a run of several devices has limits')
  return limits
}

describe('why Amdahl’s law and the step model part', () => {
  it('is said with both figures, and what each of them does with the losses', () => {
    const limits = limitsOf('weak')
    const [figures, law, model] = modelDifference(limits, limits.points)

    expect(figures).toMatch(/^On 8 devices Amdahl’s law says [\d.]+x, the step model [\d.]+x\.$/)
    expect(law).toMatch(
      /work that never gets faster \([\d.]+ %\), so no number of devices gets beyond [\d.]+x/,
    )
    expect(model).toContain('a step takes hardly longer on more devices')
  })

  it('is another thing where the global batch is kept', () => {
    const limits = limitsOf('strong')
    expect(modelDifference(limits, limits.points).join(' ')).toContain(
      'a slower image stays as much slower on any number of devices',
    )
  })

  it('is nothing where they say the same, or one of them has no figure', () => {
    const limits = limitsOf('weak')
    const last = limits.points.at(-1)
    if (last === undefined) throw new Error('no points')
    expect(modelDifference(limits, [{ ...last, predicted: last.amdahl }])).toEqual([
      expect.stringMatching(/: here both agree\.$/),
    ])
    expect(modelDifference(limits, [{ ...last, predicted: null }])).toEqual([])
    expect(modelDifference(limits, [])).toEqual([])
  })
})

it('sentences name what the curves rest on, as far as it is known', () => {
  expect(limitsSentences(limitsOf('weak')).join(' ')).toMatch(
    /Only the dots were measured.*serial fraction of [\d.]+ %.*GB\/s \(algbw\).*The step model adds/,
  )
  expect(limitsSentences(limitsOf('weak', ['single', 'dp'])).join(' ')).not.toMatch(/GB\/s|step model/)
})
