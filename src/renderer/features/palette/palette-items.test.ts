import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'
import { quickPreset } from '../../../shared/run/presets.js'
import { type PaletteContext, paletteGroups } from './palette-items.js'

function entry(runId: string, name: string | null, isBaseline = false): HistoryEntry {
  return {
    runId,
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: null,
    status: 'complete',
    configuration: quickPreset,
    hostName: 'workstation',
    cpuModel: 'Some CPU',
    gpuModels: [],
    tandemVersion: '0.1.0',
    measurements: [],
    validity: null,
    label: { name, notes: '' },
    imported: null,
    isBaseline,
    remark: null,
  }
}

const idle: PaletteContext = { isRunning: false, shownRunId: null, found: null }
const titles = (context: PaletteContext, search: string): string[] =>
  paletteGroups(context, search).flatMap(({ items }) => items.map(({ title }) => title))

describe('the palette', () => {
  it('offers everything before anything is typed, each line once', () => {
    const items = paletteGroups(idle, '').flatMap((group) => group.items)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(titles(idle, '')).toEqual(
      expect.arrayContaining(['Benchmark', 'History', 'Run Quick', 'Run Notebook', 'Dark theme']),
    )
  })

  it('leaves the lines in which every word occurs', () => {
    expect(titles(idle, 'dark THEME')).toEqual(['Dark theme'])
    expect(titles(idle, 'go hist')).toEqual(['History'])
    expect(titles(idle, 'no such thing')).toEqual([])
  })

  it('knows abbreviations of a word in a title', () => {
    expect(titles(idle, 'qck')).toEqual(['Run Quick'])
    expect(titles(idle, 'ntbk')).toEqual(['Run Notebook'])
    expect(titles(idle, 'xq')).toEqual([])
  })

  it('stops what runs, and starts nothing beside it', () => {
    expect(titles({ ...idle, isRunning: true }, 'benchmark')).toEqual(['Benchmark', 'Stop the benchmark'])
  })

  it('opens runs that the history found, by their names', () => {
    const found = {
      runs: [entry('b', 'after'), entry('a', null)],
      total: 2,
      examples: 0,
      choices: {},
      baseline: null,
    }
    const runs = paletteGroups({ ...idle, found }, 'resnet').find(({ title }) => title === 'Runs')
    expect(runs?.items).toMatchObject([
      { title: 'after', action: { kind: 'go', path: '/results/b' } },
      { title: 'Quick: ResNet-18 on the sample' },
    ])
  })

  it('holds the run that is shown against the baseline, unless it is the baseline', () => {
    const found = { runs: [], total: 0, examples: 0, choices: {}, baseline: entry('base', 'before', true) }
    expect(paletteGroups({ ...idle, found, shownRunId: 'b' }, 'baseline')).toMatchObject([
      { items: [{ action: { kind: 'go', path: '/compare/base,b' } }] },
    ])
    expect(titles({ ...idle, found, shownRunId: 'base' }, 'baseline')).toEqual([])
  })
})
