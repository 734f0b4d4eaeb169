/**
 * What a check came to. A check that is one thing counts as one; vitest counts its tests.
 * @typedef {{ passed: number, failed: number, skipped: number, skipReasons: string[] }} Counts
 */

/** @type {Counts} */
export const onePassed = { passed: 1, failed: 0, skipped: 0, skipReasons: [] }
/** @type {Counts} */
export const oneFailed = { passed: 0, failed: 1, skipped: 0, skipReasons: [] }

/**
 * @param {Counts[]} all
 * @returns {Counts} the sums, and each reason once
 */
export function total(all) {
  return {
    passed: all.reduce((sum, counts) => sum + counts.passed, 0),
    failed: all.reduce((sum, counts) => sum + counts.failed, 0),
    skipped: all.reduce((sum, counts) => sum + counts.skipped, 0),
    skipReasons: [...new Set(all.flatMap((counts) => counts.skipReasons))],
  }
}

/**
 * What vitest's run came to. Its exit code has the last word: one that is not 0 without a failed test (a
 * crash, an unhandled rejection), or a run of no test at all, is a failure too.
 *
 * @param {Counts | null} reported null where vitest ended before it could report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function judgeVitest(reported, exitCode) {
  if (reported === null) return oneFailed
  const ranAny = reported.passed + reported.failed > 0
  const silentFailure = reported.failed === 0 && (exitCode !== 0 || !ranAny)
  return silentFailure ? total([reported, oneFailed]) : reported
}

/**
 * @param {Counts} counts
 * @returns {string} the last line of `npm test`
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
