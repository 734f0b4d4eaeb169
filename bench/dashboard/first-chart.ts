import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openAnyBrowser, root, stopHost, untilUrl } from './page.js'

/**
 * From a fresh clone to the first chart that moves, once: clone, packages, build, engine, a browser on the page, the
 * first run that starts by itself, its second loss. npm's own cache stays as it is; `--engine` keeps the engine that is
 * there, else it is installed anew.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { engine: { type: 'boolean', default: false } } })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const browser = await openAnyBrowser()
  const startedAt = performance.now()
  const say = (what: string): void =>
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${what}`)
  let tandem: ChildProcess | null = null
  try {
    const clone = join(folder, 'clone')
    execFileSync('git', ['clone', '--quiet', root, clone])
    say('cloned')
    tandem = spawn(process.execPath, ['scripts/tandem.mjs', 'serve', '--no-open', '--port', '0'], {
      cwd: clone,
      env: {
        ...process.env,
        TANDEM_DATA_DIR: join(folder, 'data'),
        ...(values.engine ? {} : { TANDEM_CACHE_DIR: join(folder, 'cache') }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await untilUrl(tandem)
    say('set up and built; the host listens')
    const page = await browser.newPage()
    await page.goto(url)
    const legend = page.getByRole('region', { name: /^Loss/ }).getByRole('list')
    const loss = async (): Promise<string> => (await legend.allInnerTexts()).join().replace(/[^\d.]/g, '')
    await page.getByRole('link', { name: 'Live' }).first().waitFor()
    say('the page is there')
    const first = await until(loss, (text) => text !== '')
    say('the first loss')
    await until(loss, (text) => text !== '' && text !== first)
    say('the chart moves')
  } finally {
    await browser.close()
    if (tandem !== null) await stopHost(tandem)
    await rm(folder, { recursive: true })
  }
}

const patienceMs = 10 * 60_000

async function until(read: () => Promise<string>, accept: (text: string) => boolean): Promise<string> {
  const startedAt = performance.now()
  for (;;) {
    const text = await read()
    if (accept(text)) return text
    if (performance.now() - startedAt > patienceMs) throw new Error(`it stays at "${text}"`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
