import type { BenchContext } from '../context.js'
import type { Finding, Section } from '../suite.js'
import {
  type TandemVariant,
  type TrainingRow,
  tandemCase,
  tandemId,
  trainingGroup,
  trainingRows,
} from './training.js'

const tuned = { strategy: 'single', devices: 1 } as const
const untuned = { ...tuned, autotune: false } as const
const eager = { ...tuned, execution: 'eager' } as const

/** What tracing gains over running operation by operation, and what tuning gains over that. */
export function executionSection(context: BenchContext): Section {
  const rows = trainingRows(context)
  const runsEagerly = ({ precision }: TrainingRow) => precision === 'fp32'
  return {
    name: 'execution',
    groups: rows.map((row) =>
      trainingGroup(context, row, [
        tandemCase(context, row, tuned),
        tandemCase(context, row, untuned),
        // Mixed precision is a rewrite of a traced step.
        runsEagerly(row) ? tandemCase(context, row, eager) : null,
      ]),
    ),
    findings: rows.flatMap((row) => [
      ...(runsEagerly(row) ? [gain(row, 'traced over eager', untuned, eager)] : []),
      gain(row, 'tuned over untuned', tuned, untuned),
    ]),
  }
}

function gain(
  { group, title }: TrainingRow,
  what: string,
  variant: TandemVariant,
  base: TandemVariant,
): Finding {
  const figure = 'imagesPerSecond'
  return {
    section: 'execution',
    title: `${title}: ${what}`,
    group,
    unit: 'ratio',
    bar: null,
    value: {
      kind: 'ratio',
      over: { caseId: tandemId(variant), figure },
      under: { caseId: tandemId(base), figure },
    },
  }
}
