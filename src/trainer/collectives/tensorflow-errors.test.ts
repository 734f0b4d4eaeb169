import { describe, expect, it } from 'vitest'
import { TandemError } from '../../shared/errors.js'
import { explainPeerFailure } from './tensorflow-errors.js'

/** Rank 1 of four, whose call failed with `code` when only the ranks in `alive` answer. */
function explain(code: string, alive: readonly number[]): Promise<unknown> {
  const answers = async (task: string) => alive.some((rank) => task.endsWith(`/task:${rank}`))
  const failure = new TandemError({ code, message: 'from TensorFlow', hint: '' })
  return explainPeerFailure(failure, { context: { answers }, rank: 1, worldSize: 4, timeoutMs: 5_000 })
}

describe('a failed collective', () => {
  it('names the ranks that are gone', async () => {
    expect(await explain('tensorflow-unavailable', [2])).toMatchObject({
      code: 'collective-failed',
      message: expect.stringContaining('ranks 0, 3 are gone'),
      rank: 1,
      cause: expect.objectContaining({ message: 'from TensorFlow' }),
    })
  })

  it('says so when another rank gave up that still answers', async () => {
    expect(await explain('tensorflow-cancelled', [0, 2, 3])).toMatchObject({
      code: 'collective-failed',
      message: expect.stringContaining('another rank of the group gave up'),
    })
  })

  it('that ran out of time names the ranks that do not answer, or else all others', async () => {
    expect(await explain('tensorflow-deadline', [0, 2])).toMatchObject({
      code: 'collective-timeout',
      message: 'rank 3 did not arrive within 5 s',
    })
    expect(await explain('tensorflow-deadline', [0, 2, 3])).toMatchObject({
      message: 'ranks 0, 2, 3 did not arrive within 5 s',
    })
  })

  it('comes back as it is when other ranks have no part in it', async () => {
    expect(await explain('out-of-memory', [])).toMatchObject({ code: 'out-of-memory' })
  })
})
