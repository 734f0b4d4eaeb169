import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReportPorts } from '../core/export/report-ports.js'
import { createFakeElectron, type FakeElectron } from './test-support/fake-electron/index.js'

let electron: FakeElectron
let print: ReportPorts['print']
let window: typeof import('./window.js')

beforeEach(async () => {
  vi.resetModules()
  electron = createFakeElectron()
  vi.doMock('electron', () => electron.module)
  window = await import('./window.js')
  print = (await import('./print-report.js')).createReportPrinter()
  await electron.becomeReady()
})
afterEach(() => vi.doUnmock('electron'))

const forever = new AbortController().signal
const opened = () => vi.waitFor(() => electron.windows.at(-1) ?? expect.fail('no window was opened'))

describe('a report that Electron prints', () => {
  it('is the HTML that was handed over, on the paper that it names, tagged and with an outline', async () => {
    const printed = print('<p>ä report</p>', forever)
    const { webContents } = await opened()
    const { bytes, notes } = await printed

    expect(Buffer.from(bytes).toString()).toBe('%PDF-1.4 of <p>ä report</p>')
    expect(notes).toEqual([])
    expect(webContents.prints).toEqual([
      {
        preferCSSPageSize: true,
        margins: { top: 0, bottom: 0, left: 0, right: 0 },
        printBackground: true,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
      },
    ])
  })

  it('is shown to nobody, runs no script, and reaches neither network nor the page’s session', async () => {
    const printed = print('<p>report</p>', forever)
    const { options, visible } = await opened()
    await printed

    expect(visible).toBe(false)
    const partition = electron.partitions.get('tandem-report')
    expect(options.webPreferences).toEqual({
      session: partition?.session,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    })
    expect(await partition?.inspection.sends('https://example.org/pixel.png')).toBe(false)
    expect(partition?.inspection.askPermission('geolocation')).toBe(false)
    expect((await partition?.session.protocol.fetch('app://report/1.html'))?.status).toBe(404)
    expect((await partition?.session.protocol.fetch('app://tandem/index.html'))?.status).toBe(404)
  })

  it('leaves no window behind, whether it was printed or not', async () => {
    await print('<p>report</p>', forever)
    expect(electron.windows).toEqual([])

    const failed = print('<p>report</p>', forever)
    ;(await opened()).webContents.beforePrint = async () => {
      throw new Error('Failed to generate PDF')
    }
    await expect(failed).rejects.toMatchObject({
      code: 'print-failed',
      message: 'the report was not printed: Failed to generate PDF',
    })
    expect(electron.windows).toEqual([])
  })

  it('is given up when it is not wanted any more, also where Electron does not answer', async () => {
    const controller = new AbortController()
    const printed = print('<p>report</p>', controller.signal)
    const { webContents } = await opened()
    webContents.beforePrint = () => new Promise(() => {})
    await vi.waitFor(() => expect(webContents.prints).toHaveLength(1))
    controller.abort(new Error('Tandem is about to end'))

    await expect(printed).rejects.toThrow('Tandem is about to end')
    expect(electron.windows).toEqual([])
  })

  it('can be one of several at once', async () => {
    const printed = await Promise.all(['one', 'two'].map((text) => print(text, forever)))
    expect(printed.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      '%PDF-1.4 of one',
      '%PDF-1.4 of two',
    ])
  })

  it('is not taken for the dashboard’s window', async () => {
    const printed = print('<p>report</p>', forever)
    const hidden = await opened()
    window.openScreen(
      { preload: '/preload.cjs', statePath: '/nowhere', mayClose: () => true, onPageLost() {} },
      '/live',
    )
    expect(window.dashboardWindow()).not.toBe(hidden)
    expect(hidden.webContents.sent).toEqual([])
    await printed
  })
})
