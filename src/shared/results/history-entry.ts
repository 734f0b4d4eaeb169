import { z } from 'zod'
import { type Strategy, strategies } from '../domain/strategies.js'
import { TandemError } from '../errors.js'
import type { RunSummary } from '../run/run-summary.js'
import { runTitle } from '../run/run-title.js'
import { trainedUnitOf } from '../run/trained-unit.js'
import { formatRatio } from '../statistics/ratio-text.js'
import { formatCount, formatRate, formatSpeedup, formatThroughput } from '../text/format.js'

/** In characters. */
export const longestName = 120
export const longestNotes = 10_000

/** What the owner of a run has written on it. */
export const runLabelSchema = z.object({
  /** One line; null where the run goes by what it is. */
  name: z.string().min(1).max(longestName).nullable(),
  notes: z.string().max(longestNotes),
})

export type RunLabel = z.infer<typeof runLabelSchema>

export const emptyLabel: RunLabel = { name: null, notes: '' }

/** Where a run came from that was not measured here. */
export const importRecordSchema = z.object({
  importedAt: z.iso.datetime(),
  /** Of the file, without its folder. */
  fileName: z.string(),
})

export type ImportRecord = z.infer<typeof importRecordSchema>

/** One run in the history's list. */
export interface HistoryEntry extends RunSummary {
  label: RunLabel
  /** Null for a run that was measured by this user's Tandem. */
  imported: ImportRecord | null
  /** Whether it is the one that others are held against. */
  isBaseline: boolean
  /** What is unusual about how it is kept, for people: not on the disk yet, or its entry was lost; null for nothing. */
  remark: string | null
  /** It ships with Tandem: it can be looked at and compared, not changed. */
  isExample?: true
}

/** Its name, or what it is. */
export function entryTitle(run: Pick<HistoryEntry, 'label' | 'configuration'>): string {
  return run.label.name ?? runTitle(run)
}

/** What lists show of a strategy: images/s of the base, the speedup of the others. */
export function headlineFigure(
  { measurements, configuration }: HistoryEntry,
  strategy: Strategy,
  { hasUnit = true } = {},
): string {
  const measured = measurements.find(({ id }) => id === strategy)
  if (!strategies[strategy].isBase) return formatSpeedup(measured?.speedup ?? null)
  const rate = measured?.imagesPerSecond ?? null
  return hasUnit ? formatThroughput(rate, trainedUnitOf(configuration)) : formatRate(rate)
}

/** `1.39 to 1.45`: the 95 % interval of a speedup; null where it has none. */
export function headlineInterval({ measurements }: HistoryEntry, strategy: Strategy): string | null {
  const measured = measurements.find(({ id }) => id === strategy)
  if (measured === undefined || measured.speedup === null || measured.interval === null) return null
  return formatRatio({ ratio: measured.speedup, ...measured.interval }).ends
}

/** What someone wants written on a run; what is left out stays. An empty name takes it away. */
export const labelChangeSchema = z.object({ name: z.string().optional(), notes: z.string().optional() })

export type LabelChange = z.infer<typeof labelChangeSchema>

/** The label with a change, tidied as it is kept. Throws `label-too-long`. */
export function changeLabel(label: RunLabel, { name, notes }: LabelChange): RunLabel {
  const changed = {
    name: name === undefined ? label.name : tidyName(name),
    notes: notes === undefined ? label.notes : tidyNotes(notes),
  }
  if ((changed.name ?? '').length > longestName) throw tooLong('a name', longestName)
  if (changed.notes.length > longestNotes) throw tooLong('notes', longestNotes)
  return changed
}

/** A name as it is kept: one line, without what cannot be seen; null for nothing. */
export function tidyName(text: string): string | null {
  const name = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return name === '' ? null : name
}

/** Notes as they are kept: lines, without what cannot be seen. */
export function tidyNotes(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, '')
    .trim()
}

function tooLong(what: string, most: number): TandemError {
  return new TandemError({
    code: 'label-too-long',
    message: `${what} of more than ${formatCount(most)} characters`,
    hint: 'Shorten it.',
  })
}
