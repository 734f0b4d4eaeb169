import { Interrupted } from '../bootstrap/child-process.mjs'
import { secondsSince } from '../bootstrap/progress.mjs'
import { allChecks } from './checks.mjs'
import { countsLine, oneFailed, total } from './counts.mjs'

/**
 * Runs the checks one after the other, all of them whatever fails, and prints how each went, with the
 * counts as the last line.
 *
 * @param {string[]} testFiles see `allChecks`
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} the exit code
 */
export async function runChecks(testFiles, environment) {
  const results = []
  for (const { title, run } of allChecks(testFiles, environment)) {
    console.log(`\n── ${title}`)
    const startedAtMs = performance.now()
    const counts = await run().catch(asFailure)
    results.push({ title, counts, time: secondsSince(startedAtMs) })
  }

  console.log('')
  for (const { title, counts, time } of results) {
    console.log(`${counts.failed === 0 ? 'passed' : 'FAILED'}  ${title}  ${time}`)
  }
  const sum = total(results.map(({ counts }) => counts))
  for (const reason of sum.skipReasons) console.log(`skipped: ${reason}`)
  console.log(countsLine(sum))
  return sum.failed === 0 ? 0 : 1
}

/**
 * A check that cannot even start has failed; an interruption ends them all.
 *
 * @param {unknown} error
 */
function asFailure(error) {
  if (error instanceof Interrupted) throw error
  console.error(error)
  return oneFailed
}
