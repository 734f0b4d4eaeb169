import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { emptyLabel, type RunLabel, runLabelSchema } from '../../shared/history-entry.js'
import { OutputFile } from '../results/output-file.js'

/** `label.json`: beside what the owner of the run writes, so that naming a run that is under way races with nothing. */
const labelFileSchema = runLabelSchema.extend({
  format: z.literal('tandem-run-label'),
  version: z.literal(1),
})

/** The empty label where there is none, or none that can be read. */
export async function readLabel(path: string): Promise<RunLabel> {
  try {
    const { name, notes } = labelFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return { name, notes }
  } catch {
    return emptyLabel
  }
}

/** Throws `output-not-writable` and `output-not-written`. */
export async function writeLabel(path: string, label: RunLabel): Promise<void> {
  const file = await OutputFile.open(path, 'History')
  const document = labelFileSchema.parse({ format: 'tandem-run-label', version: 1, ...label })
  await file.write(`${JSON.stringify(document)}\n`)
}
