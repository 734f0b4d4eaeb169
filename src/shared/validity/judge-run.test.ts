import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runWarningCodes } from '../conditions/conditions.js'
import { type Badge, badgeOf, badges, type Finding, type Severity } from './finding.js'
import { judgeRun } from './judge-run.js'
import { conditionsWith, quietConditions, quietRun, runWith } from './quiet-run.fixture.js'
import { countFindings, newsOf, validityHeadline, validityLines } from './validity-text.js'

const rank = (badge: Badge): number => badges.indexOf(badge)

describe('the judgement of a run', () => {
  it('is valid where nothing was found', () => {
    for (const blocks of [1, 5]) {
      const validity = judgeRun(quietRun({}, blocks))
      expect(validity).toMatchObject({ badge: 'valid', findings: [] })
      expect(validity.strategies.map(({ title, badge }) => [title, badge])).toEqual([
        ['Single', 'valid'],
        ['DP', 'valid'],
        ['DDP', 'valid'],
      ])
      expect(validityLines(validity)).toEqual(['Validity: valid'])
    }
  })

  it('shows the work that was equal', () => {
    expect(judgeRun(quietRun()).strategies[2]?.work).toMatchObject({
      images: 1_024,
      steps: 16,
      epochs: 2,
      perDeviceBatchSize: 32,
      globalBatchSize: 64,
      learningRate: 0.005,
    })
  })

  it('stays valid with notes', () => {
    const weak = { globalBatchSize: 128, perDeviceBatchSize: 64 }
    const validity = judgeRun(runWith('ddp', weak))
    expect(validity.badge).toBe('valid')
    expect(validityLines(validity)).toEqual([
      'Validity: valid',
      "  Note: DDP: the global batch is 128 images, Single's 64 (weak scaling).",
    ])
  })

  it('gives a strategy what was found of it, of Single, and of the run', () => {
    const loaded = conditionsWith({ cpu: { othersShareOfOwnCores: 0.3 } })
    const badgesOf = (run: Parameters<typeof judgeRun>[0]) =>
      judgeRun(run).strategies.map(({ badge }) => badge)
    const [warned, unreliable]: Badge[] = ['valid-with-warnings', 'unreliable']

    expect(badgesOf(runWith('dp', { conditions: loaded }))).toEqual(['valid', unreliable, 'valid'])
    expect(badgesOf(runWith('single', { conditions: loaded }))).toEqual([unreliable, unreliable, unreliable])
    expect(badgesOf(quietRun({ warnings: [{ code: 'other-run', text: 'run x' }] }))).toEqual([
      warned,
      warned,
      warned,
    ])
  })

  it('names what cannot be compared, and puts it first', () => {
    const validity = judgeRun(
      quietRun({
        measurements: runWith('ddp', { backend: 'wasm' }).measurements,
        warnings: [{ code: 'other-run', text: 'run x' }],
      }),
    )
    expect(validityHeadline(validity)).toBe('not comparable: DDP')
    expect(countFindings(validity.findings)).toBe('1 reason not to compare, 1 warning')
    expect(countFindings([])).toBeNull()
    expect(validity.findings.map(({ severity }) => severity)).toEqual(['not-comparable', 'warning'])
  })

  it('has as news for those who watch what they can act on, not that the run goes on', () => {
    const running = judgeRun(quietRun({ status: 'incomplete', measurements: [] }))
    expect(running.findings.map(({ code }) => code)).toEqual(['nothing-measured', 'unfinished'])
    expect(newsOf(running)).toEqual([])
    const loaded = conditionsWith({ cpu: { othersShareOfOwnCores: 0.3 } })
    const { measurements } = runWith('single', { conditions: loaded })
    const later = judgeRun(quietRun({ status: 'incomplete', measurements: measurements.slice(0, 1) }))
    expect(newsOf(later).map(({ code }) => code)).toEqual(['others-on-cpu'])
  })

  it('of nothing is no judgement', () => {
    expect(judgeRun(quietRun({ measurements: [] }))).toMatchObject({
      badge: 'not-comparable',
      strategies: [],
    })
  })
})

describe('a badge', () => {
  const anyFinding = fc.record<Finding>({
    code: fc.constantFrom('steal', 'swap', 'images-differ'),
    severity: fc.constantFrom<Severity>('note', 'warning', 'unreliable', 'not-comparable'),
    strategies: fc.subarray(['single', 'dp', 'ddp']),
    message: fc.string(),
  })

  it('is never better for another finding', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), anyFinding, (findings, another) => {
        expect(rank(badgeOf([...findings, another]))).toBeGreaterThanOrEqual(rank(badgeOf(findings)))
      }),
    )
  })

  it('of a run is never better for another warning or for worse conditions, nor is that of a strategy', () => {
    const anyWarning = fc.record({ code: fc.constantFrom(...runWarningCodes), text: fc.string() })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const worse = fc.record({ others: share, steal: share, stalled: share, samples: fc.nat(30) })
    const strategy = fc.constantFrom('single' as const, 'dp' as const, 'ddp' as const)
    fc.assert(
      fc.property(fc.array(anyWarning), anyWarning, strategy, worse, (warnings, another, id, met) => {
        const before = judgeRun(quietRun({ warnings }))
        const conditions = conditionsWith({
          cpu: {
            othersShareOfOwnCores: Math.max(met.others, quietConditions.cpu.othersShareOfOwnCores ?? 0),
            stealShare: Math.max(met.steal, quietConditions.cpu.stealShare ?? 0),
          },
          memory: { stalledShare: met.stalled },
          telemetry: { samples: met.samples },
        })
        const after = judgeRun({ ...runWith(id, { conditions }), warnings: [...warnings, another] })

        expect(rank(after.badge)).toBeGreaterThanOrEqual(rank(before.badge))
        for (const [index, { badge }] of after.strategies.entries())
          expect(rank(badge)).toBeGreaterThanOrEqual(rank(before.strategies[index]?.badge as Badge))
      }),
    )
  })
})
