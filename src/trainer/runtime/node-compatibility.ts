import util from 'node:util'

/**
 * tfjs-node 4.22 calls functions of `util` that Node 23 removed. They are looked up when
 * called, so this may be imported at any time before the first kernel runs.
 */
const removed: Record<string, (value: unknown) => boolean> = {
  isArray: Array.isArray,
  isNullOrUndefined: (value) => value === null || value === undefined,
}

for (const [name, test] of Object.entries(removed)) {
  const functions = util as unknown as Record<string, unknown>
  functions[name] ??= test
}
