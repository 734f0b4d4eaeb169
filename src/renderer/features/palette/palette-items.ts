import type { RunList } from '../../../shared/contract/commands.js'
import { type PresetName, presetNames } from '../../../shared/domain/presets.js'
import { entryTitle } from '../../../shared/results/history-entry.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { screens } from '../../../shared/screens.js'
import { pathOf } from '../compare/compare-path.js'

/** What a chosen line of the palette does. */
export type PaletteAction =
  | { kind: 'go'; path: string }
  | { kind: 'start'; preset: PresetName }
  | { kind: 'stop' }
  | { kind: 'theme'; scheme: 'light' | 'dark' | 'auto' }
  | { kind: 'shortcuts' }

export interface PaletteItem {
  /** Unique. */
  id: string
  title: string
  /** What stands beside it, fainter. */
  detail: string
  action: PaletteAction
}

export interface PaletteGroup {
  title: string
  items: PaletteItem[]
}

export interface PaletteContext {
  isRunning: boolean
  /** The run that the present screen shows; null where it shows none by name. */
  shownRunId: string | null
  /** What the history found for the words that were typed. */
  found: RunList | null
}

const presetWords: Record<PresetName, { title: string; detail: string }> = {
  quick: { title: 'Run Quick', detail: 'about a minute' },
  notebook: { title: 'Run Notebook', detail: 'CIFAR-10, two epochs' },
}

/** The lines in which every word of `search` occurs or is an abbreviation, in any case; runs are those that the history found. */
export function paletteGroups(context: PaletteContext, search: string): PaletteGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const matching = (items: PaletteItem[], group: string): PaletteItem[] =>
    items.filter(({ title, detail }) => {
      const text = `${group} ${title} ${detail}`.toLowerCase()
      return words.every((word) => text.includes(word) || isAbbreviation(word, title.toLowerCase()))
    })
  return [
    { title: 'Screens', items: matching(screenItems(), 'go to') },
    { title: 'Benchmark', items: matching(benchmarkItems(context), 'benchmark') },
    { title: 'Compare', items: matching(compareItems(context), 'compare') },
    { title: 'Runs', items: runItems(context) },
    { title: 'Look', items: matching(lookItems(), 'theme') },
  ].filter(({ items }) => items.length > 0)
}

/** Whether a word of the title has these letters in their order, from its first on: `qck` for `quick`. */
function isAbbreviation(letters: string, title: string): boolean {
  return title.split(' ').some((word) => {
    if (letters.length < 2 || word[0] !== letters[0]) return false
    let at = 0
    for (const letter of word) if (letter === letters[at]) at++
    return at === letters.length
  })
}

function screenItems(): PaletteItem[] {
  return screens.map(({ path, title, key }) => ({
    id: `screen ${path}`,
    title,
    detail: key.toUpperCase(),
    action: { kind: 'go', path },
  }))
}

function benchmarkItems({ isRunning }: PaletteContext): PaletteItem[] {
  if (isRunning) {
    return [{ id: 'stop', title: 'Stop the benchmark', detail: 'S', action: { kind: 'stop' } }]
  }
  const presets = presetNames.map(
    (preset): PaletteItem => ({
      id: `start ${preset}`,
      ...presetWords[preset],
      action: { kind: 'start', preset },
    }),
  )
  return [
    ...presets,
    {
      id: 'script',
      title: 'Measure your script',
      detail: 'your own PyTorch training',
      action: { kind: 'go', path: '/script' },
    },
  ]
}

/** Against the baseline, where there is one and it is not the run itself. */
function compareItems({ shownRunId, found }: PaletteContext): PaletteItem[] {
  const choose: PaletteItem = {
    id: 'compare',
    title: 'Choose runs to compare',
    detail: 'History',
    action: { kind: 'go', path: '/history' },
  }
  const baseline = found?.baseline ?? null
  if (baseline === null || shownRunId === null || shownRunId === baseline.runId) return [choose]
  const path = pathOf([baseline.runId, shownRunId])
  return [
    {
      id: 'compare baseline',
      title: 'Compare this run with the baseline',
      detail: entryTitle(baseline),
      action: { kind: 'go', path },
    },
    choose,
  ]
}

function runItems({ found }: PaletteContext): PaletteItem[] {
  return (found?.runs ?? []).map((run) => ({
    id: `run ${run.runId}`,
    title: entryTitle(run),
    detail: [
      new Date(run.startedAt).toLocaleString(),
      ...(run.label.name === null ? [] : [runTitle(run)]),
      ...(run.isBaseline ? ['baseline'] : []),
    ].join(', '),
    action: { kind: 'go', path: `/results/${run.runId}` },
  }))
}

function lookItems(): PaletteItem[] {
  const schemes = [
    ['light', 'Light theme'],
    ['dark', 'Dark theme'],
    ['auto', 'The system’s theme'],
  ] as const
  return [
    ...schemes.map(([scheme, title]): PaletteItem => {
      return { id: `theme ${scheme}`, title, detail: '', action: { kind: 'theme', scheme } }
    }),
    { id: 'shortcuts', title: 'Keyboard shortcuts', detail: '?', action: { kind: 'shortcuts' } },
  ]
}
