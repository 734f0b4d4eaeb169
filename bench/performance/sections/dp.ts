import type { BenchContext } from '../context.js'
import type { Section } from '../suite.js'
import { tandemCase, tandemId, trainingGroup, trainingRows } from './training.js'

const devices = 2
const dp = { strategy: 'dp', devices } as const
const ddp = { strategy: 'ddp', devices } as const

/** Two devices of one process against two processes. PyTorch has no DataParallel on processors. */
export function dpSection(context: BenchContext): Section {
  if (context.cores.length < devices) return { name: 'dp', groups: [], findings: [] }
  const rows = trainingRows(context)
  return {
    name: 'dp',
    groups: rows.map((row) =>
      trainingGroup(context, row, [tandemCase(context, row, dp), tandemCase(context, row, ddp)]),
    ),
    findings: rows.map(({ group, title }) => ({
      section: 'dp',
      title: `${title} a device, ${devices} devices: DP over Tandem's DDP`,
      group,
      unit: 'ratio',
      bar: { atLeast: 0.97 },
      value: {
        kind: 'ratio',
        over: { caseId: tandemId(dp), figure: 'imagesPerSecond' },
        under: { caseId: tandemId(ddp), figure: 'imagesPerSecond' },
      },
    })),
  }
}
