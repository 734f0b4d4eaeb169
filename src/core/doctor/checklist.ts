import type { Check, CheckFinding } from '../../shared/doctor/doctor-report.js'
import { fail } from '../../shared/doctor/doctor-report.js'
import { toErrorReport } from '../../shared/errors.js'

/** Takes checks as they are made, numbers nothing, keeps their order, and tells whoever follows. */
export class Checklist {
  readonly checks: Check[] = []

  constructor(
    private readonly onCheck: (check: Check) => void,
    private readonly onBegin: (what: string) => void,
    readonly signal: AbortSignal,
  ) {}

  begin(group: string, title: string): void {
    this.onBegin(`${group}: ${title}`)
  }

  add(check: Check): void {
    this.checks.push(check)
    this.onCheck(check)
  }

  /** Makes one check, with its time. One that throws has failed. None is made once doctor was stopped. */
  async make(
    { id, group, title }: Pick<Check, 'id' | 'group' | 'title'>,
    check: () => Promise<CheckFinding>,
  ): Promise<void> {
    if (this.signal.aborted) return
    this.begin(group, title)
    const startedAt = performance.now()
    const finding = await check().catch((thrown: unknown) => {
      const { message, hint } = toErrorReport(thrown)
      return fail(message, hint || 'Please report this.')
    })
    if (this.signal.aborted) return
    this.add({ id, group, title, ...finding, ms: performance.now() - startedAt })
  }
}
