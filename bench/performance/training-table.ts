import Table from 'cli-table3'
import { median } from '../../src/shared/statistics/quantiles.js'
import { formatBytes, formatRate, notAvailable } from '../../src/shared/text/format.js'
import { figures } from './evaluate.js'
import type { BlockResult } from './results.js'
import { peakId } from './sections/training.js'
import type { CaseGroup } from './suite.js'

/** What every training case made in itself, medians over blocks: a row each, as cells. */
export function trainingRowsOf(groups: readonly CaseGroup[], all: readonly BlockResult[]): string[][] {
  return groups.flatMap(({ id: group, cases }) => {
    const blocks = all.filter((block) => block.group === group)
    const middle = (caseId: string, figure: string) => median(figures(blocks, { caseId, figure }))
    const peak = middle(peakId, 'flopsPerSecondPerDevice')
    return cases.flatMap(({ id, title }) => {
      const [rate, flops] = [middle(id, 'imagesPerSecond'), middle(id, 'flopsPerSecondPerDevice')]
      if (flops === null) return []
      return [
        [
          group,
          title,
          rate === null ? '' : formatRate(rate),
          formatMs(middle(id, 'stepMs')),
          `${(flops / 1e9).toFixed(1)}`,
          peak === null ? notAvailable : `${((flops / peak) * 100).toFixed(0)} %`,
          formatMemory(middle(id, 'peakMemoryBytes')),
        ],
      ]
    })
  })
}

export const trainingHead = [
  '',
  'Case',
  'images/s',
  'ms a step',
  'GFLOP/s a core',
  'of the matmul peak',
  'Resident memory a process',
]

export function trainingLines(groups: readonly CaseGroup[], all: readonly BlockResult[]): string[] {
  const rows = trainingRowsOf(groups, all)
  if (rows.length === 0) return []
  const table = new Table({
    head: trainingHead,
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows)
  return table.toString().split('\n')
}

function formatMs(stepMs: number | null): string {
  return stepMs === null ? '' : stepMs.toFixed(1)
}

function formatMemory(bytes: number | null): string {
  return bytes === null ? '' : formatBytes(bytes)
}
