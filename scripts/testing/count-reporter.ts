import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { oneFailed, onePassed, total } from './counts.mjs'

/** Where vitest's counts are written, as JSON (`Counts`), for `scripts/test.mjs` to read. */
export const countsFileVariable = 'TANDEM_TEST_COUNTS_FILE'

/** Counts the tests of a run, and why the skipped ones were skipped. */
export class CountReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[]) {
    const file = process.env[countsFileVariable]
    if (file === undefined) return
    writeFileSync(file, JSON.stringify(total(testModules.flatMap(countModule))))
  }
}

/** A file that failed outside its tests (it did not load, a hook threw) counts as one failure more. */
function countModule(testModule: TestModule) {
  const suites = [testModule, ...testModule.children.allSuites()]
  const failedOutsideTests = suites.filter((suite) => suite.errors().length > 0)
  return [...[...testModule.children.allTests()].map(countTest), ...failedOutsideTests.map(() => oneFailed)]
}

function countTest(test: TestCase) {
  const result = test.result()
  switch (result.state) {
    case 'passed':
      return onePassed
    case 'skipped':
      return { passed: 0, failed: 0, skipped: 1, skipReasons: [result.note ?? reasonInTitle(test)] }
    // A test that never ended was cut off by a crash.
    case 'failed':
    case 'pending':
      return oneFailed
  }
}

/** `describe.skip` cannot carry a reason, so the suite's title does: `compile (skipped: no TensorFlow)`. */
function reasonInTitle(test: TestCase): string {
  const stated = /\(skipped: (?<reason>.*)\)$/
  for (let at: TestCase | TestCase['parent'] = test; at.type !== 'module'; at = at.parent) {
    const reason = stated.exec(at.name)?.groups?.reason
    if (reason !== undefined) return reason
  }
  return `no reason given (${test.module.relativeModuleId})`
}
