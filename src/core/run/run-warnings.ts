import type { RunWarning } from '../../shared/conditions/conditions.js'

/** What to warn of in a run, from wherever it becomes known: kept until the run can tell it, each text once. */
export class RunWarnings {
  private readonly known = new Set<string>()
  private readonly waiting: RunWarning[] = []
  private listener: ((warning: RunWarning) => void) | null = null

  constructor(warnings: readonly RunWarning[] = []) {
    for (const warning of warnings) this.add(warning)
  }

  add(warning: RunWarning): void {
    if (this.known.has(warning.text)) return
    this.known.add(warning.text)
    if (this.listener === null) this.waiting.push(warning)
    else this.listener(warning)
  }

  /** Tells `listener` what has been waiting, and from then on everything at once. */
  follow(listener: (warning: RunWarning) => void): void {
    this.listener = listener
    for (const warning of this.waiting.splice(0)) listener(warning)
  }
}
