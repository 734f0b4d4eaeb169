import { toErrorReport } from '../../shared/errors.js'
import type { Results } from '../../shared/results/results.js'

/**
 * Saves results while they grow, one save at a time and always the newest: what came and went during a slow
 * save is left out. A save that fails is a warning; the next one tries again.
 */
export class ProgressiveSaver {
  private newest: Results | null = null
  private saving: Promise<void> | null = null

  constructor(
    private readonly saveResults: (results: Results) => Promise<void>,
    private readonly onWarning: (message: string) => void,
  ) {}

  save(results: Results): void {
    this.newest = results
    this.saving ??= this.drain()
  }

  /** Resolves when the newest results are saved, or could not be. */
  async flush(): Promise<void> {
    await this.saving
  }

  private async drain(): Promise<void> {
    // Lets `saving` be set before the first save can end.
    await Promise.resolve()
    while (this.newest !== null) {
      const results = this.newest
      this.newest = null
      try {
        await this.saveResults(results)
      } catch (thrown) {
        this.onWarning(`the results were not saved: ${toErrorReport(thrown).message}`)
      }
    }
    this.saving = null
  }
}
