import type { BenchContext } from '../context.js'
import { precisionName } from '../rows.js'
import type { Section } from '../suite.js'
import {
  pytorchCase,
  pytorchId,
  single,
  tandemCase,
  tandemId,
  trainingGroup,
  trainingRow,
} from './training.js'

/** The most that a trainer process held in memory, against PyTorch's process: torchvision stem, batch 256. */
export function memorySection(context: BenchContext): Section {
  const rows = context.effort.precisions.map((precision) => trainingRow('torchvision', precision))
  const figure = 'peakMemoryBytes'
  return {
    name: 'memory',
    groups: rows.map((row) =>
      trainingGroup(context, row, [tandemCase(context, row, single), pytorchCase(context, row, 1)]),
    ),
    findings: rows.flatMap(({ group, title, precision }) => [
      {
        section: 'memory',
        title: `${precisionName(precision)}: Tandem`,
        group,
        unit: 'bytes',
        bar: null,
        value: { kind: 'figure', of: { caseId: tandemId(single), figure } },
      },
      {
        section: 'memory',
        title: `${title}: Tandem over PyTorch`,
        group,
        unit: 'ratio',
        bar: { atMost: 1 },
        value: {
          kind: 'ratio',
          over: { caseId: tandemId(single), figure },
          under: { caseId: pytorchId(1), figure },
        },
      },
    ]),
  }
}
