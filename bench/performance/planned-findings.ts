import type { CaseGroup, FigureOf, Finding, Section } from './suite.js'

/** The findings of which every figure will be measured; without PyTorch, say, those beside it are left out. */
export function plannedFindings(sections: readonly Section[], groups: readonly CaseGroup[]): Finding[] {
  const planned = new Set(groups.flatMap(({ id, cases }) => cases.map((one) => `${id}/${one.id}`)))
  return sections
    .flatMap(({ findings }) => findings)
    .filter(({ group, value }) => figuresOf(value).every(({ caseId }) => planned.has(`${group}/${caseId}`)))
}

function figuresOf(value: Finding['value']): FigureOf[] {
  switch (value.kind) {
    case 'figure':
      return [value.of]
    case 'ratio':
      return [value.over, value.under]
    case 'ratio-to-best':
      return [value.over, ...value.under]
    case 'difference':
      return [value.of.over, value.of.under, value.than.over, value.than.under]
  }
}
