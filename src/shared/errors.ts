import { z } from 'zod'

/**
 * An error as it crosses a process boundary or reaches a person: what went wrong (`message`) and what
 * to do about it (`hint`). `code` is stable, for programs; it is lower-case words joined by hyphens.
 */
export const errorReportSchema = z.object({
  code: z.string().min(1),
  message: z.string().min(1),
  hint: z.string(),
  /** What a program said of it, whole: a traceback. */
  details: z.string().optional(),
  /** The rank it happened on, for an error of one process among several. */
  rank: z.number().int().nonnegative().optional(),
  /** For an error about one of a run's settings: which, and the message without its name, to show beside it. */
  setting: z.object({ name: z.string(), problem: z.string() }).optional(),
})

export type ErrorReport = z.infer<typeof errorReportSchema>

/** The one exception class of Tandem. Everything thrown on purpose is one of these. */
export class TandemError extends Error {
  override readonly name = 'TandemError'
  readonly code: string
  readonly hint: string
  readonly rank: number | undefined
  readonly setting: ErrorReport['setting']

  constructor(report: ErrorReport, options?: ErrorOptions) {
    super(report.message, options)
    this.code = report.code
    this.hint = report.hint
    this.rank = report.rank
    this.setting = report.setting
  }

  toReport(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      ...(this.rank !== undefined && { rank: this.rank }),
      ...(this.setting !== undefined && { setting: this.setting }),
    }
  }
}

/** Any thrown value as a report; what was not thrown on purpose gets the code `internal`. */
export function toErrorReport(thrown: unknown): ErrorReport {
  if (thrown instanceof TandemError) return thrown.toReport()
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    code: 'internal',
    message: message === '' ? 'unknown error' : message,
    hint: 'This is a defect in Tandem; please report it with the log.',
  }
}

/** Ends an exhaustive `switch`: adding a case to the union makes this call a type error. */
export function assertNever(value: never, what: string): never {
  throw new TandemError({
    code: 'internal',
    message: `unexpected ${what}: ${JSON.stringify(value)}`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
