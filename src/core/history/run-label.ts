import { z } from 'zod'
import { emptyLabel, type RunLabel, runLabelSchema } from '../../shared/results/history-entry.js'
import { readDocument } from '../files/read-document.js'
import { writeOwnFile } from '../results/output-file.js'

/** `label.json`: beside what the owner of the run writes, so that naming a run that is under way races with nothing. */
const labelFileSchema = runLabelSchema.extend({
  format: z.literal('tandem-run-label'),
  version: z.literal(1),
})

/** The empty label where there is none, or none that can be read. */
export async function readLabel(path: string): Promise<RunLabel> {
  return labelOf(await readDocument(path)) ?? emptyLabel
}

/** Null for text that is no label, or a label of which more is written than fits. */
export function parseLabel(text: string): RunLabel | null {
  try {
    return labelOf(JSON.parse(text))
  } catch {
    return null
  }
}

function labelOf(document: unknown): RunLabel | null {
  const { data } = labelFileSchema.safeParse(document)
  return data === undefined ? null : { name: data.name, notes: data.notes }
}

/** The label as it stands in its file. */
export function labelDocument(label: RunLabel): string {
  const document = labelFileSchema.parse({ format: 'tandem-run-label', version: 1, ...label })
  return `${JSON.stringify(document)}\n`
}

/** Throws `output-not-written`. */
export async function writeLabel(path: string, label: RunLabel): Promise<void> {
  await writeOwnFile(path, labelDocument(label))
}
