import { z } from 'zod'

/** Worst last. `skipped`: this machine has nothing to check, or the system does not say; it is no fault. */
export const checkStatuses = ['pass', 'skipped', 'warn', 'fail'] as const

export type CheckStatus = (typeof checkStatuses)[number]

/** What a check has found out. */
export const findingSchema = z.object({
  status: z.enum(checkStatuses),
  /** In a line: "2 devices, 6 operations, furthest off 3e-7". */
  found: z.string(),
  /** What to do about it; null where nothing has to be done. */
  advice: z.string().nullable(),
  /** Figures behind it, cells as people read them. */
  table: z.object({ head: z.array(z.string()), rows: z.array(z.array(z.string())) }).optional(),
})

export type CheckFinding = z.infer<typeof findingSchema>

export const checkSchema = findingSchema.extend({
  /** Unique in a report: `tensorflow.golden`. */
  id: z.string(),
  /** What it is a check of: "This machine", "GPUs", or an engine. */
  group: z.string(),
  title: z.string(),
  ms: z.number().nonnegative(),
})

export type Check = z.infer<typeof checkSchema>

export const doctorReportSchema = z.object({
  format: z.literal('tandem-doctor'),
  version: z.literal(1),
  tandemVersion: z.string(),
  nodeVersion: z.string(),
  /** Operating system, processor, cores and memory, in a line each; no name of a host. */
  machine: z.array(z.string()),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** `cancelled` where somebody stopped it; then checks are missing. */
  outcome: z.enum(['pass', 'warn', 'fail', 'cancelled']),
  checks: z.array(checkSchema),
})

export type DoctorReport = z.infer<typeof doctorReportSchema>

/** A check that is being made. */
export type CheckStep = Pick<Check, 'group' | 'title'>

/** What doctor is at, for views. */
export type DoctorState =
  | { status: 'idle' }
  | {
      status: 'running'
      checks: readonly Check[]
      current: readonly CheckStep[]
      /** Somebody asked for the end, and it is on its way. */
      stopping: boolean
    }
  | { status: 'done'; report: DoctorReport }

export const pass = (found: string): CheckFinding => ({ status: 'pass', found, advice: null })
export const skipped = (found: string): CheckFinding => ({ status: 'skipped', found, advice: null })
export const warn = (found: string, advice: string): CheckFinding => ({ status: 'warn', found, advice })
export const fail = (found: string, advice: string): CheckFinding => ({ status: 'fail', found, advice })

/** Green, amber or red: the worst that was found. */
export function outcomeOf(checks: readonly Pick<Check, 'status'>[]): 'pass' | 'warn' | 'fail' {
  if (checks.some(({ status }) => status === 'fail')) return 'fail'
  return checks.some(({ status }) => status === 'warn') ? 'warn' : 'pass'
}

/** The groups of a report in the order of their first check. */
export function checkGroups(checks: readonly Check[]): { group: string; checks: Check[] }[] {
  const groups = new Map<string, Check[]>()
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check])
  return [...groups].map(([group, members]) => ({ group, checks: members }))
}
