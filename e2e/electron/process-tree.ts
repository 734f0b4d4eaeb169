import { readFileSync } from 'node:fs'

/** The processes that a process has started and that are still there, by any of its threads (Linux). */
export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children === '' ? [] : children.split(' ').map(Number)
}

/** All of these, and what they have started in turn; those that have ended meanwhile are left out. */
export function descendantsOf(pid: number): number[] {
  try {
    return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
  } catch {
    return []
  }
}
