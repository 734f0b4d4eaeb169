import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeElectron } from './electron.fixture.js'

afterEach(() => {
  vi.doUnmock('electron')
  vi.resetModules()
})

/** Runs the main process in the fake up to the point where Electron gets ready. */
async function startApp(options?: { firstInstance: boolean }) {
  const electron = createFakeElectron(options)
  vi.doMock('electron', () => electron.module)
  await import('./index.js')
  await electron.becomeReady()
  return electron
}

async function startedWindow() {
  const electron = await startApp()
  const [window] = electron.windows
  if (window === undefined) throw new Error('no window was opened')
  return { electron, window }
}

describe('the main process', () => {
  it('opens one window on the page, with the page shut in', async () => {
    const { electron, window } = await startedWindow()

    expect(electron.windows).toHaveLength(1)
    expect(window.loadedUrl).toBe('app://tandem/index.html')
    expect(electron.isSandboxed()).toBe(true)
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      preload: expect.stringMatching(/preload[\\/]index\.cjs$/),
    })
  })

  it('serves the page from a scheme of its own', async () => {
    const { electron } = await startedWindow()

    expect(electron.privileged).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
    expect([...electron.handlers.keys()]).toEqual(['app'])
  })

  it('shows the window only when the page is painted', async () => {
    const { window } = await startedWindow()

    expect(window.visible).toBe(false)
    window.emit('ready-to-show')
    expect(window.visible).toBe(true)
  })

  it('refuses every permission', async () => {
    const { electron } = await startedWindow()

    expect(electron.askPermission('media')).toBe(false)
    expect(electron.permissions.check?.({} as never, 'media' as never, '', {} as never)).toBe(false)
    expect(electron.permissions.device?.({} as never)).toBe(false)
  })

  it.each([
    ['https://example.org/'],
    ['app://tandem.example.org/index.html'],
    ['file:///etc/passwd'],
    ['javascript:alert(1)'],
    ['not a url'],
  ])('does not let the page go to %s', async (url) => {
    const { window } = await startedWindow()

    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      const preventDefault = vi.fn()
      window.webContents.emit(event, { url, preventDefault })
      expect(preventDefault, event).toHaveBeenCalledOnce()
    }
  })

  it('lets the page reload itself', async () => {
    const { window } = await startedWindow()
    const preventDefault = vi.fn()

    window.webContents.emit('will-navigate', { url: 'app://tandem/index.html', preventDefault })

    expect(preventDefault).not.toHaveBeenCalled()
  })

  it('opens no second window for a link and embeds no page', async () => {
    const { window } = await startedWindow()
    const preventDefault = vi.fn()

    window.webContents.emit('will-attach-webview', { preventDefault })

    expect(preventDefault).toHaveBeenCalledOnce()
    expect(window.webContents.windowOpenHandler?.({ url: 'https://example.org/' } as never)).toEqual({
      action: 'deny',
    })
  })

  it('brings its window to the front when it is started a second time', async () => {
    const { electron, window } = await startedWindow()
    window.minimized = true

    electron.module.app.emit('second-instance')

    expect(window).toMatchObject({ minimized: false, focused: true })
    expect(electron.windows).toHaveLength(1)
  })

  it('quits without a window when another instance runs already', async () => {
    const electron = await startApp({ firstInstance: false })

    expect(electron.hasQuit()).toBe(true)
    expect(electron.windows).toEqual([])
  })

  it('quits with its last window', async () => {
    const { electron } = await startedWindow()

    electron.module.app.emit('window-all-closed')

    expect(electron.hasQuit()).toBe(true)
  })
})
