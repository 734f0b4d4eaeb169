import { deviceKinds } from './domain/device-kinds.js'
import { baseStrategy, type Strategy, strategies, strategyNames } from './domain/strategies.js'
import { type HistoryEntry, headlineFigure, headlineInterval } from './results/history-entry.js'
import type { HistoryStatus } from './run/run-summary.js'
import { runTitle } from './run/run-title.js'
import { knowsSamples, trainedUnitOf } from './run/trained-unit.js'
import { capitalised, formatCount } from './text/format.js'
import { badges } from './validity/finding.js'
import { badgeTitles } from './validity/validity-text.js'

/** What the history's list says of a run, by column: shown, sorted by and filtered by in one way. */
export interface HistoryColumn {
  title: string
  isNumeric: boolean
  /** What one of it is, for the head of a column of numbers. */
  unit?: string
  /** What runs are put in order by; null for what is not known, which comes last. */
  order(run: HistoryEntry): string | number | null
  /** What stands in the cell, and what a filter asks for. */
  text(run: HistoryEntry): string
  /** Whether few runs share a text, so that there is nothing to choose from. */
  isOneOfAKind?: true
}

/** One word for each, in the dashboard and in the terminal. */
export const statusTitles: Readonly<Record<HistoryStatus, string>> = {
  running: 'Running',
  complete: 'Complete',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
}

export const historyColumnIds = [
  'run',
  'machine',
  'state',
  'figures',
  'batch',
  'devices',
  'repeats',
  ...strategyNames,
] as const

export type HistoryColumnId = (typeof historyColumnIds)[number]

export const historyColumns: Readonly<Record<HistoryColumnId, HistoryColumn>> = {
  run: { title: 'Run', isNumeric: false, order: ({ startedAt }) => startedAt, text: runTitle },
  machine: {
    title: 'Machine',
    isNumeric: false,
    order: ({ hostName }) => hostName.toLowerCase(),
    text: ({ hostName }) => hostName,
  },
  state: {
    title: 'State',
    isNumeric: false,
    order: ({ status }) => statusTitles[status],
    text: ({ status }) => statusTitles[status],
  },
  figures: {
    title: 'Figures',
    isNumeric: false,
    order: ({ validity }) => (validity === null ? null : badges.indexOf(validity.badge)),
    text: ({ validity }) => (validity === null ? 'Not judged' : capitalised(badgeTitles[validity.badge])),
  },
  batch: {
    title: 'Batch',
    isNumeric: true,
    unit: 'images',
    order: (run) => globalBatches(run)[0] ?? null,
    text: (run) => rangeText(globalBatches(run)),
  },
  devices: {
    title: 'Devices',
    isNumeric: true,
    order: (run) => mostDevices(run)?.devices ?? null,
    text(run) {
      const most = mostDevices(run)
      return most === null ? '' : `${formatCount(most.devices)} ${deviceKinds[most.deviceKind].prefix}`
    },
  },
  repeats: {
    title: 'Repeats',
    isNumeric: true,
    order: repeatsOf,
    text: (run) => formatCount(repeatsOf(run)),
  },
  ...(Object.fromEntries(strategyNames.map((name) => [name, strategyColumn(name)])) as Record<
    Strategy,
    HistoryColumn
  >),
}

function strategyColumn(strategy: Strategy): HistoryColumn {
  const measured = ({ measurements }: HistoryEntry) => measurements.find(({ id }) => id === strategy)
  const isBase = strategy === baseStrategy
  return {
    title: strategies[strategy].title,
    isNumeric: true,
    unit: isBase ? 'throughput' : 'speedup',
    order: (run) => (isBase ? measured(run)?.imagesPerSecond : measured(run)?.speedup) ?? null,
    text: (run) => [headlineFigure(run, strategy), headlineInterval(run, strategy) ?? ''].join(' ').trim(),
    isOneOfAKind: true,
  }
}

/** Ascending, each once; of entries that do not have them, what was asked for. None of a script whose samples are not known. */
function globalBatches({ measurements, configuration }: HistoryEntry): number[] {
  const known = measurements.flatMap(({ status, globalBatchSize }) =>
    status === 'skipped' || globalBatchSize === null ? [] : [globalBatchSize],
  )
  const asked = knowsSamples(trainedUnitOf(configuration)) ? [configuration.batchSizeSingle] : []
  const batches = known.length > 0 ? known : asked
  return [...new Set(batches)].sort((a, b) => a - b)
}

function rangeText(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)]
  if (first === undefined || last === undefined) return ''
  return first === last ? formatCount(first) : `${formatCount(first)} to ${formatCount(last)}`
}

function mostDevices({ measurements }: HistoryEntry): HistoryEntry['measurements'][number] | null {
  const measured = measurements.filter(({ status, devices }) => status !== 'skipped' && devices > 0)
  return measured.reduce<HistoryEntry['measurements'][number] | null>(
    (most, one) => (most === null || one.devices > most.devices ? one : most),
    null,
  )
}

/** As many as were measured to their end; of entries that do not have them, as many as were asked for. */
function repeatsOf({ measurements, configuration }: HistoryEntry): number {
  const known = measurements.flatMap(({ repeats }) => repeats ?? [])
  return known.length === 0 ? configuration.repeats : Math.max(...known)
}
