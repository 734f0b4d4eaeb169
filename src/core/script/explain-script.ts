import type { ErrorReport } from '../../shared/errors.js'
import { formatList, formatQuantity } from '../../shared/text/format.js'
import type { ChildLog } from '../child/child-log.js'
import type { ChildExit } from '../child/child-program.js'

/** Of what it printed last, when there is no traceback. */
const lastLines = 20

/**
 * Why a script ended before it was measured, with its traceback or what it printed last, whole.
 *
 * @param hasStepped whether the rank that it is told of was heard
 */
export function explainScriptExit(exit: ChildExit, log: ChildLog, hasStepped: boolean): ErrorReport {
  const printed = log.lastOutput()
  const traceback = tracebackIn(printed)
  const details = traceback ?? printed.trimEnd().split('\n').slice(-lastLines).join('\n')
  return { ...describe(exit, traceback, hasStepped), ...(details.trim() !== '' && { details }) }
}

function describe(exit: ChildExit, traceback: string | null, hasStepped: boolean): ErrorReport {
  if (exit.startError !== undefined) {
    return {
      code: 'script-not-started',
      message: `the command could not be started: ${exit.startError.message}`,
      hint: 'See that its program is there and on PATH, and that the folder is the right one.',
    }
  }
  if (exit.signal === 'SIGKILL') {
    return {
      code: 'script-killed',
      message: 'the script was killed (SIGKILL), perhaps because the machine ran out of memory',
      hint: 'Try a smaller batch or fewer loader workers.',
    }
  }
  if (exit.signal !== null) {
    return { code: 'script-ended', message: `the script was ended by ${exit.signal}`, hint: 'See the log.' }
  }
  if (exit.code === 0) {
    return hasStepped
      ? {
          code: 'script-ended-early',
          message: 'the script ended by itself before all steps were measured',
          hint: 'Let it train longer, or measure fewer steps with --steps and --warm-up.',
        }
      : {
          code: 'script-never-stepped',
          message: 'the script ended by itself, and none of its processes made a step of a PyTorch optimizer',
          hint: 'Without an optimizer of PyTorch, call tandem_probe.step(samples=…) after each step: docs/guide/measure-your-script.md.',
        }
  }
  const raised = traceback === null ? null : lastLineOf(traceback)
  return {
    code: raised !== null && missesPeer.test(raised) ? 'script-missed-peer' : 'script-failed',
    message:
      raised === null ? `the script ended with exit code ${exit.code}` : `the script failed: ${raised}`,
    hint: 'Run the command by itself to see whether it works without Tandem.',
  }
}

/** What gloo, NCCL and the store raise where another rank is gone: its own error says more. */
const missesPeer = /connection.*(closed|reset)|closed by peer|broken pipe|remote process exited/i

/** From the first one on: where several ranks fail, the others only miss the first. */
function tracebackIn(printed: string): string | null {
  const at = printed.indexOf('Traceback (most recent call last)')
  return at === -1 ? null : printed.slice(printed.lastIndexOf('\n', at) + 1).trimEnd()
}

/** The error that the first traceback ends with: its first line without indentation. */
function lastLineOf(traceback: string): string | null {
  const lines = traceback.split('\n').map((line) => line.replace(/^\[?rank\d+\]?: ?/, ''))
  return (
    lines
      .slice(1)
      .find((line) => /^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Warning)?(:|$)/.test(line)) ?? null
  )
}

/** Ranks that were not there in time. */
export function notHeard(worldSize: number, missing: ReadonlySet<number>, limitMs: number): ErrorReport {
  const ranks = formatList([...missing].map(String))
  const who =
    worldSize === 1 ? 'the script made no step' : `of ${worldSize} ranks, rank ${ranks} made no step`
  return {
    code: 'script-never-stepped',
    message: `${who} within ${Math.round(limitMs / 1000)} s`,
    hint: 'Give it longer with --start-limit, or see the log for what it waits for.',
  }
}

/** The script trains with another number of ranks than was asked for. */
export function otherWorld(is: number, wanted: number): ErrorReport {
  return {
    code: 'script-world',
    message: `the script trains in a group of ${is}; ${formatQuantity(wanted, 'rank')} ${wanted === 1 ? 'was' : 'were'} asked for`,
    hint:
      is === 1
        ? 'A script that is to train as several ranks has to call torch.distributed.init_process_group. One that starts them itself is told their number with {world_size} in its command.'
        : 'Let {world_size} stand in the command where it says how many ranks there are.',
  }
}

/** Two processes of the script train as one rank, each by itself. */
export function trainsTwice(rank: number, pids: readonly number[]): ErrorReport {
  return {
    code: 'script-trains-twice',
    message: `the script has forked, or started another training: processes ${formatList(pids.map(String))} both train as rank ${rank}`,
    hint: 'Let one process a rank train while it is measured. Processes that train one model together have to call torch.distributed.init_process_group before their first step.',
  }
}
