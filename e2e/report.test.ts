import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runsWithoutSandbox } from '../src/core/browser/launch-browser.js'
import { printReport } from '../src/core/browser/print-report.js'
import { formatResults } from '../src/core/results/results-file.js'
import { repeatedRun } from '../src/shared/report/run-results.fixture.js'
import { describeInBrowser } from './browser.js'
import { startTandem } from './tandem-process.js'

/* A PDF as `tandem report` prints it, read back. */

const npmFolder = fileURLToPath(new URL('../scripts/chromium', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-e2e-report-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function report(paper: string) {
  const results = join(folder, 'results.json')
  const pdf = join(folder, 'report.pdf')
  const machine = { ...repeatedRun(1).machine, hostName: '<b>host</b>' }
  await writeFile(results, formatResults({ ...repeatedRun(10), machine }))
  const tandem = startTandem(['report', results, '--pdf', pdf, '--paper', paper], {
    TANDEM_DATA_DIR: folder,
  })
  expect(await tandem.ended(), tandem.output()).toBe(0)
  return { document: await getDocumentProxy(new Uint8Array(await readFile(pdf))), output: tandem.output() }
}

async function print(html: string): Promise<Uint8Array> {
  const choice = { environment: process.env, npmFolder }
  return (await printReport(html, choice, new AbortController().signal)).bytes
}

describeInBrowser('a report as PDF', () => {
  it('has selectable text, an outline, tags, and page numbers', async () => {
    const { document, output } = await report('A4')
    const { text, totalPages } = await extractText(document)
    expect(text[0]).toMatch(/DDP on 2 CPU devices trains 1\.5\dx faster \(95 % 1\.5\d to 1\.5\d\)/)
    expect(text[0]).toContain('on <b>host</b>')
    for (const [index, page] of text.entries()) expect(page).toContain(`Page ${index + 1} of ${totalPages}`)
    for (const page of text.slice(1)) expect(page).toContain('Tandem report: Notebook: ResNet-18 on CIFAR-10')

    const [title] = await document.getOutline()
    expect(title?.title).toBe('Notebook: ResNet-18 on CIFAR-10')
    expect(title?.items.map((item: { title: string }) => item.title)).toContain('Why not N times?')
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true })
    expect(JSON.stringify(await (await document.getPage(2)).getStructTree())).toMatch(/"role":"TH"/)
    expect(output.includes('without its sandbox')).toBe(runsWithoutSandbox())
  })

  it.each([
    ['A4', 595, 842],
    ['Letter', 612, 792],
  ])('is laid out for %s', async (paper, width, height) => {
    const { document } = await report(paper)
    const [, , right, top] = (await document.getPage(1)).view
    expect([Math.round(right ?? 0), Math.round(top ?? 0)]).toEqual([width, height])
  })

  it('runs no script and asks nobody for anything', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.end()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const bytes = await print(
        `<p id="p">still</p><img src="${address}/a.png"><link rel="stylesheet" href="${address}/a.css">
         <iframe src="${address}"></iframe><script>document.getElementById('p').textContent = 'changed'</script>`,
      )
      const { text } = await extractText(await getDocumentProxy(Uint8Array.from(bytes)), { mergePages: true })
      expect(text).toContain('still')
      expect(requests).toBe(0)
    } finally {
      server.close()
    }
  })

  it('ends with its browser when it is not wanted any more', async () => {
    const choice = { environment: process.env, npmFolder }
    const controller = new AbortController()
    const printed = printReport('<p>late</p>', choice, controller.signal)
    controller.abort(new Error('not wanted'))
    await expect(printed).rejects.toThrow('not wanted')
  })
})
