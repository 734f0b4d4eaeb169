import type { BenchContext } from '../context.js'
import type { Finding, Section } from '../suite.js'
import {
  pytorchCase,
  pytorchId,
  single,
  type TrainingRow,
  tandemCase,
  tandemId,
  trainingGroup,
  trainingRows,
} from './training.js'

interface Scaled {
  title: string
  caseId: string
  baseId: string
}

/** Efficiency of DP and DDP on 2, 4, 8, ... and all cores, each with the batch of one. */
export function scalingSection(context: BenchContext): Section {
  const rows = trainingRows(context)
  const counts = deviceCounts(context.cores.length)
  return {
    name: 'scaling',
    groups: rows.map((row) =>
      trainingGroup(context, row, [
        tandemCase(context, row, single),
        pytorchCase(context, row, 1),
        ...counts.flatMap((devices) => [
          tandemCase(context, row, { strategy: 'dp', devices }),
          tandemCase(context, row, { strategy: 'ddp', devices }),
          pytorchCase(context, row, devices),
        ]),
      ]),
    ),
    findings: rows.flatMap((row) =>
      counts.flatMap((count) => scaledBy(count).map((scaled) => efficiency(row, scaled))),
    ),
  }
}

/** 2, 4, 8, ... and the number of cores itself; none on one core. */
export function deviceCounts(cores: number): number[] {
  const powers = Array.from({ length: 16 }, (_, exponent) => 2 ** (exponent + 1))
  return [...new Set([...powers.filter((count) => count <= cores), cores])].filter((count) => count > 1)
}

function scaledBy(devices: number): Scaled[] {
  const [dp, ddp] = (['dp', 'ddp'] as const).map((strategy) => tandemId({ strategy, devices }))
  const baseId = tandemId(single)
  return [
    { title: `DP x${devices}`, caseId: dp as string, baseId },
    { title: `DDP x${devices}`, caseId: ddp as string, baseId },
    { title: `PyTorch DDP x${devices}`, caseId: pytorchId(devices), baseId: pytorchId(1) },
  ]
}

function efficiency({ group, title: row }: TrainingRow, { title, caseId, baseId }: Scaled): Finding {
  const figure = 'imagesPerSecondPerDevice'
  return {
    section: 'scaling',
    title: `${row}: efficiency of ${title}`,
    group,
    unit: 'share',
    bar: null,
    value: { kind: 'ratio', over: { caseId, figure }, under: { caseId: baseId, figure } },
  }
}
