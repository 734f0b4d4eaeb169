import { relative, sep } from 'node:path'
import { homeFolder } from '../user-folders.js'

/** A path as results keep it: `~` in place of the person's own folder, whose name they may not want to hand on. */
export function homePath(path: string, home = homeFolder() ?? ''): string {
  if (home === '') return path
  const inside = relative(home, path)
  if (inside === '') return '~'
  const isInside = !inside.startsWith('..') && inside !== path
  return isInside ? `~${sep}${inside}` : path
}
