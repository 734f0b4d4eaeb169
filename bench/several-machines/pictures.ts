import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]

/** Live of many machines, folded and unfolded, in both themes and two widths, to be looked at. */
export async function takePictures(page: Page, folder: string): Promise<void> {
  const target = resolve(folder)
  await mkdir(target, { recursive: true })
  await page.getByText('Time per step').waitFor()
  await setTimeout(10_000)
  const before = page.viewportSize()
  for (const name of ['folded', 'unfolded'] as const) {
    if (name === 'unfolded') await unfold(page)
    await takeInThemes(page, join(target, `live-${name}`))
  }
  if (before !== null) await page.setViewportSize(before)
  console.log(`pictures in ${target}`)
}

/** The machines, and two of them. */
async function unfold(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^\d+ machines$/ }).click()
  for (const node of [1, 16])
    await page
      .getByRole('button', { name: `node ${node} `, exact: false })
      .first()
      .click()
}

async function takeInThemes(page: Page, path: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const size of sizes) {
      await page.setViewportSize(size)
      await setTimeout(1_000)
      await page.screenshot({ path: `${path}-${colorScheme}-${size.width}.png`, fullPage: true })
    }
  }
}
