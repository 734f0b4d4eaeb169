import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeElectron, type FakeElectron } from './test-support/fake-electron/index.js'
import type { WindowOptions } from './window.js'

let folder: string
let electron: FakeElectron
let module: typeof import('./window.js')
let options: WindowOptions

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-window-'))
  vi.resetModules()
  electron = createFakeElectron()
  vi.doMock('electron', () => electron.module)
  module = await import('./window.js')
  await electron.becomeReady()
  options = {
    preload: '/built/preload/index.cjs',
    statePath: join(folder, 'window-state.json'),
    mayClose: () => true,
    onPageLost: vi.fn(),
  }
})
afterEach(async () => {
  vi.doUnmock('electron')
  await rm(folder, { recursive: true })
})

function open() {
  module.openWindow(options)
  const window = electron.windows.at(-1)
  if (window === undefined) throw new Error('no window was opened')
  return window
}

describe('the window', () => {
  it('shows the page, shut in', () => {
    const window = open()

    expect(window.webContents.url).toBe('app://tandem/index.html')
    expect(window.options.webPreferences).toEqual({
      preload: '/built/preload/index.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    })
  })

  it('is shown only when the page is painted, on the system’s kind of background', () => {
    electron.module.nativeTheme.shouldUseDarkColors = true
    const window = open()

    expect(window.options.backgroundColor).toBe('#15181c')
    expect(window.visible).toBe(false)
    window.emit('ready-to-show')
    expect(window.visible).toBe(true)
  })

  it('comes back where it was closed', async () => {
    const window = open()
    expect(window.bounds).toEqual({ x: 320, y: 120, width: 1280, height: 800 })
    window.bounds = { x: 10, y: 20, width: 900, height: 700 }
    window.maximized = true
    window.close()

    expect(JSON.parse(await readFile(options.statePath, 'utf8'))).toEqual({
      bounds: { x: 10, y: 20, width: 900, height: 700 },
      maximized: true,
    })
    const next = open()
    expect(next.bounds).toEqual({ x: 10, y: 20, width: 900, height: 700 })
    expect(next.maximized).toBe(false)
    next.emit('ready-to-show')
    expect(next.maximized).toBe(true)
  })

  it('stays open as long as it may not close', () => {
    options.mayClose = () => false
    const window = open()
    window.close()

    expect(electron.windows).toEqual([window])
  })

  it('comes to the front, or back', () => {
    const window = open()
    window.minimized = true
    module.showWindow(options)
    expect(window).toMatchObject({ minimized: false, focused: true })

    window.close()
    module.showWindow(options)
    expect(electron.windows).toHaveLength(1)
  })

  it('shows a screen that the menu asks for, in a new window where there is none', () => {
    const window = open()
    module.openScreen(options, '/live')
    expect(window.webContents.sent).toEqual([{ channel: 'tandem:open-screen', args: ['/live'] }])

    window.close()
    module.openScreen(options, '/history')
    expect(electron.windows[0]?.webContents.url).toBe('app://tandem/index.html#/history')
  })
})

it('opens the palette in the window there is, and nothing where there is none', () => {
  const window = open()
  module.openPalette()
  expect(window.webContents.sent).toEqual([{ channel: 'tandem:open-palette', args: [] }])

  window.close()
  module.openPalette()
  expect(electron.windows).toEqual([])
})

describe('the page in it', () => {
  it.each([
    ['https://example.org/'],
    ['app://tandem.example.org/index.html'],
    ['app://tandem@example.org/index.html'],
    ['file:///etc/passwd'],
    ['javascript:alert(1)'],
    ['not a url'],
  ])('cannot go to %s', (url) => {
    const { webContents } = open()

    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      const preventDefault = vi.fn()
      webContents.emit(event, { url, preventDefault })
      expect(preventDefault, event).toHaveBeenCalledOnce()
    }
  })

  it('can reload itself', () => {
    const preventDefault = vi.fn()
    open().webContents.emit('will-navigate', { url: 'app://tandem/index.html', preventDefault })

    expect(preventDefault).not.toHaveBeenCalled()
  })

  it('opens no second window for a link and embeds no page', () => {
    const { webContents } = open()
    const preventDefault = vi.fn()
    webContents.emit('will-attach-webview', { preventDefault })

    expect(preventDefault).toHaveBeenCalledOnce()
    expect(webContents.windowOpenHandler?.({ url: 'https://example.org/' } as never)).toEqual({
      action: 'deny',
    })
  })

  it('is loaded again when its process crashes, until someone has to decide', () => {
    const { webContents } = open()
    const crash = () => webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
    for (let crashes = 0; crashes < 3; crashes++) crash()
    expect(webContents.loads).toBe(4)
    expect(options.onPageLost).not.toHaveBeenCalled()

    crash()
    expect(webContents.loads).toBe(4)
    expect(options.onPageLost).toHaveBeenCalledOnce()
  })

  it('may end by itself', () => {
    const { webContents } = open()
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })

    expect(webContents.loads).toBe(1)
  })
})
