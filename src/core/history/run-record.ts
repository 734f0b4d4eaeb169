import { z } from 'zod'
import { importRecordSchema } from '../../shared/results/history-entry.js'
import { type RunSummary, runSummarySchema } from '../../shared/run/run-summary.js'
import { readDocument } from '../files/read-document.js'
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
  /** Of an entry that was lost: what it was made from again. */
  rebuiltFrom: z.enum(['results', 'recording']).optional(),
})

export type RunRecord = z.infer<typeof runRecordSchema>

/** Null for a file that is not there, or not a record of this version. */
export async function readRunRecord(path: string): Promise<RunRecord | null> {
  return runRecordSchema.safeParse(await readDocument(path)).data ?? null
}

/**
 * Whether the process that measured the run is gone without a last word. On another machine that shares the folder,
 * nobody can tell, and it counts as running.
 */
export function hasNoOwner({ owner, summary }: RunRecord, hostName: string): boolean {
  return summary.status === 'running' && owner.hostName === hostName && !isAlive(owner)
}

/** The summary as it stands now: a run whose owner is gone was interrupted. */
export function currentSummary(record: RunRecord, hostName: string): RunSummary {
  return hasNoOwner(record, hostName) ? { ...record.summary, status: 'interrupted' } : record.summary
}
