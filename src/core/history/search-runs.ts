import { statusTitles } from '../../shared/history-columns.js'
import type { HistoryEntry } from '../../shared/results/history-entry.js'
import { statusWord } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { scriptTitle } from '../../shared/script/script-text.js'

/** The runs in which every word of `search` occurs somewhere, in any case; all of them for no word. */
export function searchRuns(runs: readonly HistoryEntry[], search: string): HistoryEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...runs]
  return runs.filter((run) => {
    const text = searchableText(run)
    return words.every((word) => text.includes(word))
  })
}

function searchableText({ configuration, ...run }: HistoryEntry): string {
  return [
    run.label.name ?? '',
    run.label.notes,
    run.isBaseline ? 'baseline' : '',
    run.imported === null ? '' : 'imported',
    run.isExample === true ? 'example' : '',
    run.runId,
    run.startedAt.slice(0, 10),
    statusTitles[run.status],
    run.status,
    statusWord(run.status),
    run.hostName,
    run.cpuModel,
    ...run.gpuModels,
    ...taskWords(configuration),
    ...run.measurements.flatMap(({ title, backend, deviceKind }) => [title, backend ?? '', deviceKind]),
  ]
    .join('\n')
    .toLowerCase()
}

function taskWords({ script, preset, modelName, stem, dataset, precision }: RunConfiguration): string[] {
  return script === undefined ? [preset, modelName, stem, dataset, precision] : [scriptTitle(script)]
}
