import { hostname } from 'node:os'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { RunHistory } from '../history/run-history.js'

/** Other runs of this user on this machine: another window or terminal may be measuring too. */
export class OtherRuns {
  private readonly sinceMs = Date.now()

  constructor(
    private readonly history: Pick<RunHistory, 'list'>,
    private readonly ownRunId: string,
  ) {}

  /** A warning for each that is under way now, or has been since this was made. */
  async find(): Promise<RunWarning[]> {
    const runs = await this.history.list()
    return runs
      .filter(({ runId, hostName }) => runId !== this.ownRunId && hostName === hostname())
      .filter(
        ({ status, finishedAt }) =>
          status === 'running' || (finishedAt !== null && Date.parse(finishedAt) > this.sinceMs),
      )
      .map(({ runId }) => ({
        code: 'other-run',
        text: `run ${runId} measured on this machine at the same time: each takes the other's time, and the figures of neither count`,
      }))
  }
}
