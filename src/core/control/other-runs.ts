import { hostname } from 'node:os'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { RunHistory } from '../history/run-history.js'

/** Other runs of this user on this machine: another window or terminal may be measuring too. */
export class OtherRuns {
  private readonly sinceMs = Date.now()
  /** Those that had ended when it was first looked, whatever the clock said then. */
  private endedBefore: ReadonlySet<string> | null = null

  constructor(
    private readonly history: Pick<RunHistory, 'list'>,
    private readonly ownRunId: string,
  ) {}

  /** A warning for each that is under way now, or has been since this was first asked. */
  async find(): Promise<RunWarning[]> {
    const runs = (await this.history.list()).filter(
      ({ runId, hostName, imported }) =>
        runId !== this.ownRunId && hostName === hostname() && imported === null,
    )
    const ended = runs.filter(({ status }) => status !== 'running').map(({ runId }) => runId)
    this.endedBefore ??= new Set(ended)
    const before = this.endedBefore
    return runs
      .filter(
        ({ runId, status, finishedAt }) =>
          status === 'running' ||
          (!before.has(runId) && finishedAt !== null && Date.parse(finishedAt) > this.sinceMs),
      )
      .map(({ runId }) => ({
        code: 'other-run',
        text: `run ${runId} measured on this machine at the same time: each takes the other's time, and the figures of neither count`,
      }))
  }
}
