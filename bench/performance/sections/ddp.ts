import type { BenchContext } from '../context.js'
import type { Finding, Ratio, Section } from '../suite.js'
import {
  overBest,
  pytorchCase,
  pytorchCases,
  pytorchId,
  single,
  type TrainingRow,
  tandemCase,
  tandemId,
  trainingGroup,
  trainingRows,
} from './training.js'

const ranks = 2
const ddp = { strategy: 'ddp', devices: ranks } as const

/** Two ranks against PyTorch's two over gloo, and what the second core adds in each. */
export function ddpSection(context: BenchContext): Section {
  if (context.cores.length < ranks) return { name: 'ddp', groups: [], findings: [] }
  const rows = trainingRows(context)
  return {
    name: 'ddp',
    groups: rows.map((row) =>
      trainingGroup(context, row, [
        tandemCase(context, row, single),
        tandemCase(context, row, ddp),
        pytorchCase(context, row, 1),
        ...pytorchCases(context, row, ranks),
      ]),
    ),
    findings: rows.flatMap((row) => [
      speedup(row),
      {
        section: 'ddp' as const,
        title: `${row.title} a rank, ${ranks} ranks: Tandem over the best of PyTorch`,
        ...overBest(context, row, tandemId(ddp), ranks),
      },
      efficiencyGain(row),
    ]),
  }
}

function speedup({ group, title, stem }: TrainingRow): Finding {
  return {
    section: 'ddp',
    title: `${title} a rank, ${ranks} ranks: Tandem over PyTorch`,
    group,
    unit: 'ratio',
    bar: { atLeast: stem === 'torchvision' ? 1.3 : 1.15 },
    value: {
      kind: 'ratio',
      over: { caseId: tandemId(ddp), figure: 'imagesPerSecond' },
      under: { caseId: pytorchId(ranks), figure: 'imagesPerSecond' },
    },
  }
}

function efficiencyGain({ group, title }: TrainingRow): Finding {
  return {
    section: 'ddp',
    title: `${title}: efficiency on ${ranks} cores above PyTorch's`,
    group,
    unit: 'percentage points',
    bar: { atLeast: 0.03 },
    value: {
      kind: 'difference',
      of: efficiency(tandemId(ddp), tandemId(single)),
      than: efficiency(pytorchId(ranks), pytorchId(1)),
    },
  }
}

function efficiency(caseId: string, baseId: string): Ratio {
  const figure = 'imagesPerSecondPerDevice'
  return { over: { caseId, figure }, under: { caseId: baseId, figure } }
}
