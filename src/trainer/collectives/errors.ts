import { TandemError } from '../../shared/errors.js'
import type { GroupShape } from './group-shape.js'

/** The other ranks did not come to a collective call in time. */
export function collectiveTimeout(
  rank: number,
  missingRanks: readonly number[],
  timeoutMs: number,
): TandemError {
  const missing = missingRanks.length === 1 ? `rank ${missingRanks[0]}` : `ranks ${missingRanks.join(', ')}`
  return new TandemError({
    code: 'collective-timeout',
    message: `${missing} did not arrive within ${timeoutMs / 1000} s`,
    hint: 'That process has ended, hangs, or is much slower; its own log says more.',
    rank,
  })
}

export function stopped(rank: number): TandemError {
  return new TandemError({
    code: 'stopped',
    message: 'stopped while waiting for the other ranks',
    hint: '',
    rank,
  })
}

/** Two ranks of one group were started for different work. */
export function groupMismatch(
  rank: number,
  own: GroupShape,
  other: GroupShape & { rank: number },
): TandemError {
  const describe = (shape: GroupShape) => `${shape.elementCount} elements and ${shape.worldSize} ranks`
  return new TandemError({
    code: 'collective-mismatch',
    message: `rank ${rank} expects ${describe(own)}, rank ${other.rank} ${describe(other)}`,
    hint: 'All ranks of a group must be started with the same model and the same number of ranks.',
    rank,
  })
}

/** The folder that the ranks meet in cannot be used. */
export function exchangeFolderUnusable(rank: number, folder: string, cause: unknown): TandemError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TandemError(
    {
      code: 'exchange-folder-unusable',
      message: `the ranks cannot exchange data in ${folder}: ${reason}`,
      hint: 'Give each group an empty folder of its own with enough space, which all its ranks may write to.',
      rank,
    },
    { cause },
  )
}
