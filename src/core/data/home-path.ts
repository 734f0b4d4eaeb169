import { homedir } from 'node:os'
import { relative, sep } from 'node:path'

/** A path as results keep it: `~` in place of the person's own folder, whose name they may not want to hand on. */
export function homePath(path: string, home = homedir()): string {
  const inside = relative(home, path)
  if (inside === '') return '~'
  const isInside = home !== '' && !inside.startsWith('..') && inside !== path
  return isInside ? `~${sep}${inside}` : path
}
