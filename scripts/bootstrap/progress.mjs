/**
 * What the bootstrap says, always on stderr: stdout belongs to the command that follows.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`tandem: ${line}\n`)
}

/**
 * @param {number} startedAtMs from `performance.now()`
 * @returns {string} `12.3 s`
 */
export function secondsSince(startedAtMs) {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`
}
