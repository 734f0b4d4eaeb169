import { describe, expect, it } from 'vitest'
import type { BenchContext } from '../context.js'
import { chooseEffort } from '../effort.js'
import { mergeGroups } from '../plan.js'
import { plannedFindings } from '../planned-findings.js'
import { sectionNames } from '../suite.js'
import { chooseSections } from './all-sections.js'
import { deviceCounts } from './scaling.js'

const context: BenchContext = {
  root: '',
  programs: '',
  launch: { launcher: () => [], environment: {}, logDirectory: null },
  libraryDir: 'tensorflow',
  peer: { python: 'python3', torchVersion: '2' },
  cores: [0, 1],
  isa: null,
  effort: chooseEffort(false, { pairs: 7 }),
}
const plan = (
  overrides: Partial<BenchContext> = {},
  names: readonly (typeof sectionNames)[number][] = sectionNames,
) => {
  const sections = chooseSections(names, { ...context, ...overrides })
  const groups = mergeGroups(sections)
  return { sections, groups, findings: plannedFindings(sections, groups) }
}
const ids = (groups: ReturnType<typeof plan>['groups'], id: string) =>
  groups.find((group) => group.id === id)?.cases.map((one) => one.id)

describe('all sections together', () => {
  it('say nothing of figures that they do not measure', () => {
    const { sections, findings } = plan()
    expect(findings).toHaveLength(sections.flatMap((section) => section.findings).length)
  })

  it('measure what they share once, in as many blocks as there are pairs', () => {
    const { groups } = plan()
    const { cases, repeats } = groups.find(({ id }) => id === 'fp32 cifar') ?? { cases: [], repeats: 0 }
    expect(cases.map(({ id }) => id).toSorted()).toEqual([
      'peak',
      'pytorch-ddp-2',
      'pytorch-ddp-2-compiled',
      'pytorch-ddp-2-max-autotune',
      'pytorch-single',
      'pytorch-single-compiled',
      'pytorch-single-max-autotune',
      'tandem-ddp-2',
      'tandem-dp-2',
      'tandem-single',
      'tandem-single-eager',
      'tandem-single-untuned',
    ])
    expect(repeats).toBe(7)
  })
})

describe('a choice of rows and peers', () => {
  it('is all that is measured, and said', () => {
    const effort = chooseEffort(false, { rows: ['bf16-cifar'], peers: ['eager', 'compiled'], steps: 4 })
    const { groups, findings } = plan({ effort }, ['single', 'ddp'])
    expect(groups.map(({ id }) => id)).toEqual(['bf16 cifar'])
    expect(ids(groups, 'bf16 cifar')?.toSorted()).toEqual([
      'peak',
      'pytorch-ddp-2',
      'pytorch-ddp-2-compiled',
      'pytorch-single',
      'pytorch-single-compiled',
      'tandem-ddp-2',
      'tandem-single',
    ])
    expect(findings.every(({ group }) => group === 'bf16 cifar')).toBe(true)
    expect(effort.timedSteps).toEqual({ torchvision: 4, cifar: 4 })
  })
})

describe('a section alone', () => {
  it('measures no more than it needs', () => {
    const { groups } = plan({}, ['single'])
    expect(groups.map(({ id }) => id)).toEqual([
      'fp32 torchvision',
      'bf16 torchvision',
      'fp32 cifar',
      'bf16 cifar',
    ])
    expect(ids(groups, 'bf16 cifar')).toEqual([
      'peak',
      'tandem-single',
      'pytorch-single',
      'pytorch-single-compiled',
      'pytorch-single-max-autotune',
    ])
  })
})

describe('what is missing', () => {
  it('leaves out PyTorch and what is said beside it', () => {
    const { groups, findings } = plan({ peer: null })
    expect(groups.flatMap(({ cases }) => cases).filter(({ id }) => /pytorch|gloo/.test(id))).toEqual([])
    expect(findings.filter(({ title }) => /PyTorch|gloo/.test(title))).toEqual([])
    expect(findings.some(({ section }) => section === 'overhead')).toBe(true)
  })

  it('leaves WebAssembly, data and the all-reduce where there is no TensorFlow', () => {
    const { findings } = plan({ libraryDir: null, peer: null })
    expect([...new Set(findings.map(({ section }) => section))].toSorted()).toEqual([
      'all-reduce',
      'data',
      'wasm',
    ])
  })

  it('leaves out DP and DDP on one core', () => {
    const { groups } = plan({ cores: [3] })
    expect(groups.flatMap(({ cases }) => cases).filter(({ id }) => /d?dp-/.test(id))).toEqual([])
  })
})

describe('device counts of a scaling curve', () => {
  it('are powers of two, and all cores', () => {
    expect([1, 2, 4, 6, 8].map(deviceCounts)).toEqual([[], [2], [2, 4], [2, 4, 6], [2, 4, 8]])
  })
})
