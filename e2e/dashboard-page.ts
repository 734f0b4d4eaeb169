import type { Page } from 'playwright-core'

/** What tests do on the dashboard, in its users' words. */

export interface SmallRun {
  /** An epoch, of two. */
  steps: number
  /** Generated pictures are learnt soonest, and take longest to make. */
  data?: 'Sample' | 'Synthetic'
}

/** Single and DDP on two CPU devices, with small batches. */
export async function chooseSmallRun(page: Page, { steps, data = 'Sample' }: SmallRun): Promise<void> {
  await page.getByRole('checkbox', { name: 'DataParallel (DP)', exact: true }).click()
  if (data === 'Synthetic') await choose(page, 'Data dataset', data)
  await page.getByLabel('Batch, Single').fill('16')
  await page.getByLabel('Batch per device').fill('8')
  await openAdvanced(page)
  await page.getByLabel('Steps per epoch, at most').fill(String(steps))
  await page.getByLabel('Learning rate').fill('0.005')
  await page.getByLabel('Data workers').fill('0')
  await page.getByLabel('Devices devices').fill('cpu:2')
  await page.getByRole('table', { name: 'What will be measured' }).getByText('DDP').waitFor()
}

export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

/** Shows the settings that the form does not ask for first. */
export async function openAdvanced(page: Page): Promise<void> {
  const advanced = page.getByRole('button', { name: 'Advanced' })
  if ((await advanced.getAttribute('aria-expanded')) === 'false') await advanced.click()
}

/** Stops the run that is under way, and answers the question. */
export async function stopRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop' }).click()
  await answerStop(page)
}

export async function answerStop(page: Page, answer: 'Stop' | 'Keep running' = 'Stop'): Promise<void> {
  const question = page.getByRole('dialog', { name: 'Stop the benchmark?' })
  await question.getByRole('button', { name: answer }).click()
  await question.waitFor({ state: 'hidden' })
}

export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run benchmark' }).click()
  await page.getByText('Epoch 1 of 2').first().waitFor()
}

/** To another screen, by its name in the head. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
}

/** Resolves when each of these strategies says that it is done. */
export async function finished(page: Page, titles: readonly string[]): Promise<void> {
  const tiles = page.getByRole('list', { name: 'Strategies' }).getByRole('listitem')
  for (const title of titles) await tiles.filter({ hasText: title }).getByText('Done').first().waitFor()
}

/** Resolves when the run itself is over, and the page says what it came to. */
export async function ended(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See the results' }).waitFor()
}

/** What the chart's table says of one strategy's loss, by step. */
export async function losses(page: Page, title: string): Promise<number[]> {
  await page.getByRole('button', { name: 'Show Loss as a table' }).click()
  const table = page.getByRole('table', { name: /^Loss/ })
  const headings = await table.getByRole('columnheader').allTextContents()
  const rows = await table.locator('tbody tr').all()
  const cells = await Promise.all(
    rows.map((row) => row.locator('td').nth(headings.indexOf(title)).textContent()),
  )
  await page.getByRole('button', { name: 'Show Loss as a chart' }).click()
  return cells.map(Number)
}
