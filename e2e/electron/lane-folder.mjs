import { homedir } from 'node:os'
import { join } from 'node:path'

const isRoot = process.getuid?.() === 0

/**
 * What tests in Electron keep for the next time. As root they run the app as somebody else, who must be able to read
 * it: then it is the machine's cache folder, not root's own.
 */
export const laneFolder = isRoot
  ? '/var/cache/tandem-tests'
  : join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tandem-tests')
