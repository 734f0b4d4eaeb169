import type { Check, CheckFinding, CheckStep } from '../../shared/doctor/doctor-report.js'
import { fail } from '../../shared/doctor/doctor-report.js'
import { toErrorReport } from '../../shared/errors.js'

export interface ChecklistListeners {
  onCheck(check: Check): void
  /** What is being checked now: of each group one step at most. */
  onCurrent(steps: CheckStep[]): void
}

/** Takes checks as they are made, and tells whoever follows. */
export class Checklist {
  private readonly made: Check[] = []
  /** Titles by group. */
  private readonly current = new Map<string, string>()

  constructor(
    private readonly listeners: ChecklistListeners,
    readonly signal: AbortSignal,
  ) {}

  get checks(): readonly Check[] {
    return this.made
  }

  begin(group: string, title: string): void {
    this.current.set(group, title)
    this.tellCurrent()
  }

  add(check: Check): void {
    this.made.push(check)
    this.current.delete(check.group)
    this.listeners.onCheck(check)
    this.tellCurrent()
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

  private tellCurrent(): void {
    this.listeners.onCurrent([...this.current].map(([group, title]) => ({ group, title })))
  }
}
