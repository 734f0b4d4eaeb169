import { utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { describeInBrowser, openBrowser, openPage } from './browser.js'
import { startTandem } from './tandem-process.js'

const script = fileURLToPath(new URL('../scripts/dev.mjs', import.meta.url))
const module = fileURLToPath(new URL('../src/renderer/features/shell/frame.tsx', import.meta.url))

/*
 * `npm run dev`: the page from its sources, behind the same gate and policy as the built one.
 */

describeInBrowser('developing', () => {
  it('shows a changed module without a reload, and leaves nothing running', async () => {
    const development = startTandem(['--web', '--no-open', '--port', '0'], {}, script)
    const browser = await openBrowser()
    try {
      const [, url] = await development.printed(/Dashboard: (\S+)/)
      const { page, problems } = await openPage(browser, url as string)
      await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor()
      await page.evaluate("document.body.setAttribute('data-seen', 'before')")

      let updates = 0
      page.on('console', (message) => {
        if (message.text().includes('hot updated')) updates++
      })
      // The page may not listen for changes yet when the first one comes.
      await vi.waitFor(
        () => {
          utimesSync(module, new Date(), new Date())
          expect(updates).toBeGreaterThan(0)
        },
        { timeout: 60_000, interval: 1_000 },
      )

      expect(await page.getAttribute('body', 'data-seen')).toBe('before')
      expect(problems).toEqual([])
    } finally {
      await browser.close()
      development.child.kill('SIGTERM')
      await development.ended()
    }
    expect(development.output()).toContain('Stopping')
  })
})
