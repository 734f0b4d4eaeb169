import type { Page } from 'playwright-core'

/** What goes wrong on a page from now on: errors, and what its content security policy stopped. */
export function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return problems
}
