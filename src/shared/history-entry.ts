import { z } from 'zod'
import type { RunSummary } from './run-summary.js'

/** What the owner of a run has written on it. */
export const runLabelSchema = z.object({
  /** One line; null where the run goes by what it is. */
  name: z.string().min(1).max(120).nullable(),
  notes: z.string().max(10_000),
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
}

/** A name as it is kept: one line, without what cannot be seen; null for nothing. Too long is left to the schema. */
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
