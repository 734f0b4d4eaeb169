import type { BenchContext } from '../context.js'
import type { Bar, Finding, Section } from '../suite.js'
import {
  overBest,
  peakCase,
  peakId,
  pytorchCases,
  pytorchId,
  single,
  type TrainingRow,
  tandemCase,
  tandemId,
  trainingGroup,
  trainingRows,
} from './training.js'

/** Images/s of Tandem over PyTorch's, by group. */
const overPyTorch: Readonly<Record<string, number>> = {
  'fp32 cifar': 1.05,
  'fp32 torchvision': 1.25,
  'bf16 cifar': 1.05,
  'bf16 torchvision': 1.3,
}

/** Of the matmul peak. */
const shareOfPeak: Readonly<Record<string, number>> = { 'fp32 cifar': 0.92 }

/** One core against one core. */
export function singleSection(context: BenchContext): Section {
  const rows = trainingRows(context)
  return {
    name: 'single',
    groups: rows.map((row) =>
      trainingGroup(context, row, [
        peakCase(context, row),
        tandemCase(context, row, single),
        ...pytorchCases(context, row, 1),
      ]),
    ),
    findings: rows.flatMap((row) => [
      speedup(row),
      {
        section: 'single',
        title: `${row.title}: Tandem over the best of PyTorch`,
        ...overBest(context, row, tandemId(single), 1),
      },
      share(row, 'Tandem', tandemId(single), atLeast(shareOfPeak[row.group])),
      share(row, 'PyTorch', pytorchId(1), null),
    ]),
  }
}

function speedup({ group, title }: TrainingRow): Finding {
  return {
    section: 'single',
    title: `${title}: Tandem over PyTorch`,
    group,
    unit: 'ratio',
    bar: atLeast(overPyTorch[group]),
    value: {
      kind: 'ratio',
      over: { caseId: tandemId(single), figure: 'imagesPerSecond' },
      under: { caseId: pytorchId(1), figure: 'imagesPerSecond' },
    },
  }
}

function share({ group, title }: TrainingRow, whose: string, caseId: string, bar: Bar | null): Finding {
  const figure = 'flopsPerSecondPerDevice'
  return {
    section: 'single',
    title: `${title}: ${whose} of the matmul peak`,
    group,
    unit: 'share',
    bar,
    value: { kind: 'ratio', over: { caseId, figure }, under: { caseId: peakId, figure } },
  }
}

function atLeast(limit: number | undefined): Bar | null {
  return limit === undefined ? null : { atLeast: limit }
}
