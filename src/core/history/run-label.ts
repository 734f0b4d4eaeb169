import { z } from 'zod'
import { emptyLabel, type RunLabel, runLabelSchema } from '../../shared/history-entry.js'
import { readDocument } from '../files/read-document.js'
import { OutputFile } from '../results/output-file.js'

/** `label.json`: beside what the owner of the run writes, so that naming a run that is under way races with nothing. */
const labelFileSchema = runLabelSchema.extend({
  format: z.literal('tandem-run-label'),
  version: z.literal(1),
})

/** The empty label where there is none, or none that can be read. */
export async function readLabel(path: string): Promise<RunLabel> {
  const { data } = labelFileSchema.safeParse(await readDocument(path))
  return data === undefined ? emptyLabel : { name: data.name, notes: data.notes }
}

/** Throws `output-not-writable` and `output-not-written`. */
export async function writeLabel(path: string, label: RunLabel): Promise<void> {
  const file = await OutputFile.open(path, 'History')
  const document = labelFileSchema.parse({ format: 'tandem-run-label', version: 1, ...label })
  await file.write(`${JSON.stringify(document)}\n`)
}
