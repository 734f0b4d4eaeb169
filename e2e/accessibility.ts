import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds on the page that is serious or worse, a line each: the rule, and where it is broken. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy lets no script in.
  await page.evaluate(await readFile(axePath, 'utf8'))
  const violations = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; impact: string | null; nodes: { target: string[]; failureSummary: string }[] }[]
  }
  return violations.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
}
