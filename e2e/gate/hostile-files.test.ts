import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { marked } from 'marked'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, openBrowser } from '../browser.js'
import { type DashboardHost, startDashboard } from '../dashboard-host.js'
import { startTandem } from '../tandem-process.js'
import { watch } from '../watch-page.js'
import { type HostileServer, startHostileServer } from './hostile-server.js'

/*
 * Results that somebody sent, with markup in every text that they may hold: in the page, in reports and in Markdown it is
 * text, and nothing else.
 */

const example = fileURLToPath(new URL('../../docs/example-report/results.json', import.meta.url))
const [runId, otherId] = ['20260131-142530-bad000', '20260131-142530-bad001']

describeInBrowser('a hostile results file', () => {
  let browser: Browser
  let host: DashboardHost
  let server: HostileServer
  let context: BrowserContext
  let page: Page
  let problems: string[]
  const dialogs: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    server = await startHostileServer()
    host = await startDashboard()
    for (const id of [runId, otherId]) {
      const file = join(host.dataFolder, `${id}.json`)
      await writeFile(file, JSON.stringify(await poisoned(server.origin, id)))
      expect(await tandem('history', 'import', file)).toContain(`run ${id}`)
    }
    context = await browser.newContext()
    page = await context.newPage()
    page.setDefaultTimeout(120_000)
    problems = watch(page)
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(await host.freshUrl())
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await host.remove()
  })

  async function tandem(...parameters: string[]): Promise<string> {
    const process = startTandem(parameters, { TANDEM_DATA_DIR: host.dataFolder })
    expect(await process.ended(), process.output()).toBe(0)
    return process.output()
  }

  it.each([
    ['history', '#/history'],
    ['results', `#/results/${runId}`],
    ['live view', `#/live/${runId}`],
    ['presentation', `#/present/${runId}`],
    ['report', `#/export/${runId}`],
    ['comparison', `#/compare/${runId},${otherId}`],
  ])('is text in the %s', async (_screen, hash) => {
    await page.goto(`${new URL(host.url).origin}/${hash}`)
    // The first may be one that is read to people who do not see.
    await page.getByText('poison').first().waitFor({ state: 'attached' })

    expect(await page.evaluate(poisonInDocument)).toEqual([])
    expect(dialogs).toEqual([])
    expect(server.requests.map(({ url }) => url)).toEqual([])
    expect(problems).toEqual([])
  })

  it('is text in a report that is opened as a file', async () => {
    const report = join(host.dataFolder, 'report.html')
    await tandem('report', runId, '--html', report)
    const opened = await context.newPage()
    opened.on('dialog', (dialog) => void dialogs.push(dialog.message()))
    await opened.goto(`file://${report}`)
    await opened.getByText('poison').first().waitFor({ state: 'attached' })

    expect(await opened.evaluate(poisonInDocument)).toEqual([])
    expect(dialogs).toEqual([])
    expect(server.requests.map(({ url }) => url)).toEqual([])
    expect(await readFile(report, 'utf8')).not.toMatch(/<script/i)
  })

  it('is text in Markdown', async () => {
    const markdown = join(host.dataFolder, 'run.md')
    await tandem('report', runId, '--markdown', markdown)
    const text = await readFile(markdown, 'utf8')
    const html = await marked(text)

    expect(text).toContain('poison')
    expect(html).not.toMatch(/<(script|img|iframe|a|svg|style)\b/i)
  })

  it('is one line of text in the terminal', async () => {
    const output = await tandem('history', 'list')

    expect(output).toContain('poison')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  })
})

/** Elements that markup of the file would have become, and attributes that would run something. */
const poisonInDocument = `
  (() => {
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
    return roots.flatMap((root) => [
      ...[...root.querySelectorAll('[data-poison], script:not([src]), iframe, object, embed')].map(({ outerHTML }) => outerHTML),
      ...[...root.querySelectorAll('*')]
        .filter(({ attributes }) => [...attributes].some(({ name, value }) => /^on/.test(name) || /^\\s*javascript:/i.test(value)))
        .map(({ outerHTML }) => outerHTML),
    ])
  })()`

/** The example, with what somebody would try in every text. */
async function poisoned(origin: string, id: string): Promise<unknown> {
  const texts = [
    `poison <script data-poison>alert(1)</script>`,
    `poison <img data-poison src="${origin}/img" onerror="alert(2)">`,
    `poison "><svg data-poison onload=alert(3)>`,
    `poison ![x](${origin}/md) [y](javascript:alert(4)) <${origin}/auto>`,
    `poison </style></title><iframe data-poison src="${origin}/frame"></iframe>`,
    `poison \u202e\u001b[31m\u0007\u0000 red\r\nTwo lines`,
    `poison {{constructor.constructor('alert(5)')()}} \${alert(6)}`,
  ]
  let next = 0
  const poison = (): string => texts[next++ % texts.length] as string
  const results = JSON.parse(await readFile(example, 'utf8'))
  const { machine } = results
  for (const field of ['hostName', 'operatingSystem', 'architecture', 'cpuModel', 'gpuDriverVersion']) {
    machine[field] = poison()
  }
  for (const field of ['tandemVersion', 'nodeVersion', 'tensorflowVersion']) machine[field] = poison()
  machine.gpus = texts.map((model, index) => ({ index, model, memoryBytes: null }))
  results.runId = id
  results.notes = texts
  results.warnings = texts.map((text) => ({ code: 'other-run', text }))
  results.configuration.dataDir = poison()
  for (const measurement of results.measurements) {
    measurement.title = poison()
    measurement.collective = poison()
    measurement.backendVersion = poison()
    for (const device of measurement.devices) device.description = poison()
  }
  const [first] = results.measurements
  first.status = 'failed'
  first.error = { code: poison(), message: poison(), hint: poison() }
  return results
}
