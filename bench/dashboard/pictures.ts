import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openAnyBrowser, startDashboard } from './page.js'

const example = '20261125-110450-8ae568'

const sizes = [
  { width: 1024, height: 700 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const

/** The order in which T goes through them. */
const themes = ['light', 'dark', 'contrast'] as const

/** What each scene is looked at in: a moment in which something happens. */
const scenes: readonly { name: string; prepare(page: Page): Promise<void> }[] = [
  {
    name: 'explain',
    async prepare(page) {
      await page.keyboard.press('1')
      await page.getByRole('heading', { name: /steps? of DDP/ }).waitFor()
      await setTimeout(1_000)
      for (let phase = 0; phase < 5; phase++) await page.keyboard.press('.')
    },
  },
  {
    name: 'race',
    async prepare(page) {
      await page.keyboard.press('2')
      await page.getByText('20x', { exact: true }).click()
      await setTimeout(700)
      await page.keyboard.press('Space')
      await page.getByText(/^3rd, /).waitFor()
    },
  },
  {
    name: 'training',
    async prepare(page) {
      await page.keyboard.press('3')
      await page.getByText('20x', { exact: true }).click()
      await page.getByText('So far', { exact: true }).first().waitFor()
    },
  },
  {
    name: 'answer',
    async prepare(page) {
      await page.keyboard.press('4')
      await page.getByRole('list', { name: 'Answers' }).waitFor()
    },
  },
  {
    name: 'why',
    async prepare(page) {
      await page.keyboard.press('5')
      await page.getByRole('heading', { name: 'Where did the time go?' }).waitFor()
    },
  },
]

/** Pictures of every scene of Present in three themes and four sizes, to be looked at and shown: `--out FOLDER`. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string', default: 'out/scenes' } } })
  const target = resolve(values.out)
  await mkdir(target, { recursive: true })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const dashboard = await startDashboard(folder, '--no-run')
  const browser = await openAnyBrowser()
  try {
    const context = await browser.newContext({ viewport: sizes[1], colorScheme: 'light' })
    const page = await context.newPage()
    await page.goto(dashboard.url)
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await page.evaluate(`location.hash = '#/present/${example}'`)
    await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
    for (const { name, prepare } of scenes) {
      await prepare(page)
      for (const theme of themes) {
        for (const size of sizes) {
          await page.setViewportSize(size)
          await setTimeout(500)
          await page.screenshot({ path: join(target, `${name}-${theme}-${size.height}.png`) })
        }
        await page.keyboard.press('t')
      }
      console.log(`${name}: ${themes.length * sizes.length} pictures in ${target}`)
    }
  } finally {
    await browser.close()
    await dashboard.stop()
    await rm(folder, { recursive: true })
  }
}
