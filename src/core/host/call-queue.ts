import PQueue from 'p-queue'
import type { CommandName } from '../../shared/contract/commands.js'
import { TandemError } from '../../shared/errors.js'

/** What answering a command takes of the host. `none`: it must never wait, and is answered in a moment. */
export type CommandCost = 'none' | 'light' | 'heavy'

const commandCosts: Record<CommandName, CommandCost> = {
  planRun: 'light',
  startRun: 'light',
  stopRun: 'none',
  installEngine: 'none',
  cancelInstall: 'none',
  startDoctor: 'light',
  stopDoctor: 'none',
  listRuns: 'light',
  listExamples: 'light',
  openRun: 'heavy',
  readResults: 'heavy',
  analyseRun: 'heavy',
  readSteps: 'heavy',
  readStepPictures: 'heavy',
  explainRun: 'heavy',
  readReport: 'heavy',
  exportRun: 'heavy',
  readRecording: 'heavy',
  describeRun: 'light',
  labelRun: 'light',
  pinBaseline: 'light',
  deleteRun: 'light',
  restoreRun: 'light',
  importRun: 'heavy',
  importBundle: 'heavy',
  compareRuns: 'heavy',
}

export interface CallLimits {
  lightAtOnce: number
  heavyAtOnce: number
  /** Of either kind; one more is refused. */
  waiting: number
}

/** Of one page. A call counts until its answer has been read, so that unread answers are few. */
export const pageCallLimits: CallLimits = { lightAtOnce: 8, heavyAtOnce: 2, waiting: 100 }

/** Of all pages together: reading recordings takes cores that somebody may be training on. */
export const heavyCallsAtOnce = 2

/** The calls of one page: so many at once, so many waiting, and none once the page has left. */
export class CallQueue {
  private readonly queues: Record<Exclude<CommandCost, 'none'>, PQueue>

  /** @param ended fires when the page has left; what waits then never begins */
  constructor(
    private readonly limits: CallLimits,
    private readonly ended: AbortSignal,
  ) {
    this.queues = {
      light: new PQueue({ concurrency: limits.lightAtOnce }),
      heavy: new PQueue({ concurrency: limits.heavyAtOnce }),
    }
    const clear = (): void => {
      for (const queue of Object.values(this.queues)) queue.clear()
    }
    ended.addEventListener('abort', clear, { once: true })
  }

  /** Runs `call` in its turn, which must not reject. Throws `too-many-calls` where too many wait already. */
  add(command: CommandName, call: () => Promise<void>): void {
    if (this.ended.aborted) return
    const cost = commandCosts[command]
    if (cost === 'none') {
      void call()
      return
    }
    const queue = this.queues[cost]
    if (queue.size >= this.limits.waiting) throw tooMany(this.limits.waiting)
    void queue.add(call)
  }
}

/** Whether calls of this command take their turn among those of all pages. */
export function isHeavy(command: CommandName): boolean {
  return commandCosts[command] === 'heavy'
}

function tooMany(waiting: number): TandemError {
  return new TandemError({
    code: 'too-many-calls',
    message: `${waiting} requests of this page wait already`,
    hint: 'Wait until they are answered, or reload the page.',
  })
}
