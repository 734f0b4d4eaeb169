import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readDocument } from '../files/read-document.js'
import { writeOwnFile } from '../results/output-file.js'

/** `baseline.json` in the history's folder: the run that others are held against. */
const baselineSchema = z.object({
  format: z.literal('tandem-baseline'),
  version: z.literal(1),
  runId: z.string(),
})

/** Null where none is pinned, or the file cannot be read. Whether the run is still there is not looked at. */
export async function readBaseline(history: string): Promise<string | null> {
  return baselineSchema.safeParse(await readDocument(baselineFile(history))).data?.runId ?? null
}

/** Null unpins. Throws `output-not-written`. */
export async function writeBaseline(history: string, runId: string | null): Promise<void> {
  if (runId === null) {
    await rm(baselineFile(history), { force: true })
    return
  }
  const document = baselineSchema.parse({ format: 'tandem-baseline', version: 1, runId })
  await writeOwnFile(baselineFile(history), `${JSON.stringify(document)}\n`)
}

function baselineFile(history: string): string {
  return join(history, 'baseline.json')
}
