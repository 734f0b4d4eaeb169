import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { describe } from 'vitest'
import { findBrowser } from '../src/core/browser/find-browser.js'
import { launchBrowser } from '../src/core/browser/launch-browser.js'
import { toErrorReport } from '../src/shared/errors.js'
import { watch } from './watch-page.js'

const npmFolder = fileURLToPath(new URL('../scripts/chromium', import.meta.url))

/** A browser that starts, or why there is none; tried once. */
async function openAny(): Promise<{ path: string } | { absence: string }> {
  try {
    const found = await findBrowser({ environment: process.env, npmFolder })
    if (found === null) return { absence: 'there is no Chrome, Edge or Chromium, and none came from npm' }
    await (await launchBrowser(found.path)).close()
    return { path: found.path }
  } catch (thrown) {
    const { message, hint } = toErrorReport(thrown)
    return { absence: `${message}. ${hint}` }
  }
}

const found = await openAny()

/** Tests in a real browser: skipped, with the reason in their title, where none starts. */
export function describeInBrowser(title: string, define: () => void): void {
  if ('absence' in found) describe.skip(`${title} (skipped: ${found.absence})`, define)
  else describe(title, { timeout: 300_000 }, define)
}

export async function openBrowser(): Promise<Browser> {
  if ('absence' in found) throw new Error(found.absence)
  return await launchBrowser(found.path)
}

/** A page with everything that went wrong on it: errors, and what its content security policy stopped. */
export interface WatchedPage {
  page: Page
  problems: string[]
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options })
  const page = await context.newPage()
  // Training takes its time, and more on a busy machine.
  page.setDefaultTimeout(120_000)
  const problems = watch(page)
  await page.goto(url)
  return { page, problems }
}

const outputFolder = fileURLToPath(new URL('../out/e2e', import.meta.url))

/** Keeps a picture of the page, to be looked at: `out/e2e/NAME.png`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(outputFolder, { recursive: true })
  await page.screenshot({ path: join(outputFolder, `${name}.png`) })
}
