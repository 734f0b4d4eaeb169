import { TandemError } from '../../shared/errors.js'
import type { TensorFlowContext } from '../runtime/context.js'
import { collectiveTimeout } from './errors.js'

/** Codes of `runtime/status.ts` that a collective fails with when another rank does. */
const peerFailureCodes: ReadonlySet<string> = new Set([
  'tensorflow-cancelled',
  'tensorflow-deadline',
  'tensorflow-unavailable',
])

/** How long another rank may take to say that it is alive. */
const answerMs = 1_000

export interface FailedCall {
  context: Pick<TensorFlowContext, 'answers'>
  rank: number
  worldSize: number
  timeoutMs: number
}

/**
 * What a collective failed with, as an error that names the ranks that do not answer any more:
 * `collective-timeout` after a wait in vain, `collective-failed` when a connection broke. Anything that has
 * nothing to do with other ranks comes back as it is.
 */
export async function explainPeerFailure(thrown: unknown, call: FailedCall): Promise<unknown> {
  if (!(thrown instanceof TandemError) || !peerFailureCodes.has(thrown.code)) return thrown
  const others = Array.from({ length: call.worldSize }, (_, rank) => rank).filter(
    (rank) => rank !== call.rank,
  )
  const answers = await Promise.all(
    others.map((rank) => call.context.answers(`/job:worker/replica:0/task:${rank}`, answerMs)),
  )
  const silent = others.filter((_, index) => !answers[index])
  if (thrown.code === 'tensorflow-deadline') {
    return collectiveTimeout(call.rank, silent.length === 0 ? others : silent, call.timeoutMs)
  }
  return collectiveFailed(call.rank, silent, thrown)
}

/** A rank of the group ended, or another one gave up because of it. */
function collectiveFailed(rank: number, silentRanks: readonly number[], cause: TandemError): TandemError {
  const gone = silentRanks.length === 1 ? `rank ${silentRanks[0]} is` : `ranks ${silentRanks.join(', ')} are`
  const reason = silentRanks.length === 0 ? 'another rank of the group gave up' : `${gone} gone`
  return new TandemError(
    {
      code: 'collective-failed',
      message: `the exchange of gradients broke off: ${reason}`,
      hint: 'A process of the group has ended; its own log says why.',
      rank,
    },
    { cause },
  )
}
