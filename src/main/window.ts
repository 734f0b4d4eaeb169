import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import { channels } from '../shared/desktop/desktop-bridge.js'
import { isPageUrl, pageUrl } from './page-protocol.js'
import { createPageRecovery } from './page-recovery.js'
import { placeWindow, readWindowState, saveWindowState, smallestWindow } from './window-state.js'

export interface WindowOptions {
  /** The built preload. */
  preload: string
  /** The file that keeps where the window was. */
  statePath: string
  /** Asked when someone closes the window; it stays open where the answer is no. */
  mayClose(): boolean
  /** The page keeps crashing. */
  onPageLost(reload: () => void): void
}

/** As the page's own background, which is not there yet when the window is. */
const background = { light: '#f6f7f9', dark: '#15181c' }

let dashboard: BrowserWindow | null = null

/** The window that shows the page; there may be others, in which reports are printed. */
export function dashboardWindow(): BrowserWindow | null {
  return dashboard
}

/** Opens the window. The page runs in a sandbox and reaches nothing but what the preload gives it. */
export function openWindow(options: WindowOptions, screenPath = '/'): void {
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { bounds, maximized } = placeWindow(readWindowState(options.statePath), workAreas)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    // Shown when painted, so that it does not flash white in dark mode.
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  })
  dashboard = window
  window.once('closed', () => {
    dashboard = null
  })
  confineToPage(window.webContents)
  keepPageAlive(window.webContents, options.onPageLost)
  window.once('ready-to-show', () => (maximized ? window.maximize() : window.show()))
  window.on('close', (event) => {
    saveWindowState(options.statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    if (!options.mayClose()) event.preventDefault()
  })
  void window.loadURL(screenPath === '/' ? pageUrl : `${pageUrl}#${screenPath}`)
}

/** Brings the window to the front, or opens it. */
export function showWindow(options: WindowOptions): void {
  if (dashboard === null) {
    openWindow(options)
    return
  }
  if (dashboard.isMinimized()) dashboard.restore()
  dashboard.focus()
}

/** Shows one of the dashboard's screens, in the window there is or in a new one. */
export function openScreen(options: WindowOptions, path: string): void {
  if (dashboard === null) openWindow(options, path)
  else dashboard.webContents.send(channels.openScreen, path)
}

/** Opens the command palette in the window there is. A new one's page would not be there to hear of it. */
export function openPalette(): void {
  dashboard?.webContents.send(channels.openPalette)
}

/** The page can neither go elsewhere nor open or embed anything; it has no links that lead out. */
function confineToPage(contents: WebContents): void {
  const stayOnPage = (event: { url: string; preventDefault(): void }) => {
    if (!isPageUrl(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stayOnPage)
  contents.on('will-frame-navigate', stayOnPage)
  contents.on('will-redirect', stayOnPage)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** A run does not need its page. What the page was shown it gets again, once it is there again. */
function keepPageAlive(contents: WebContents, onPageLost: WindowOptions['onPageLost']): void {
  const afterCrash = createPageRecovery()
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    if (afterCrash() === 'reload') contents.reload()
    else onPageLost(() => contents.reload())
  })
}
