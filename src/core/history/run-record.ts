import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { importRecordSchema } from '../../shared/history-entry.js'
import { type RunSummary, runSummarySchema } from '../../shared/run-summary.js'
import { isAlive } from '../run/process-identity.js'

/** `run.json`: the entry in the list, and the process that writes it. */
export const runRecordSchema = z.object({
  format: z.literal('tandem-run'),
  version: z.literal(1),
  owner: z.object({
    hostName: z.string(),
    pid: z.number().int().positive(),
    startTime: z.number().nonnegative(),
  }),
  summary: runSummarySchema,
  /** Of a run that came as a file: who owns it is who imported it. */
  imported: importRecordSchema.optional(),
})

export type RunRecord = z.infer<typeof runRecordSchema>

/** Null for a file that is not there, or not a record of this version. */
export async function readRunRecord(path: string): Promise<RunRecord | null> {
  try {
    return runRecordSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}

/**
 * The summary as it stands now: a run whose owner is gone was interrupted. On another machine that shares the
 * folder, nobody can tell, and it is left as running.
 */
export function currentSummary({ owner, summary }: RunRecord, hostName: string): RunSummary {
  if (summary.status !== 'running' || owner.hostName !== hostName || isAlive(owner)) return summary
  return { ...summary, status: 'interrupted' }
}
