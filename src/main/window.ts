import { BrowserWindow, type WebContents } from 'electron'
import { isPageUrl, pageUrl } from './page-protocol.js'

/** Opens the window. The page runs in a sandbox and reaches nothing but what the preload gives it. */
export function openWindow(preload: string): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 480,
    // Shown when painted, so that it does not flash white in dark mode.
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  })
  confineToPage(window.webContents)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(pageUrl)
}

/** Brings the window to the front: what a second start of the app means. */
export function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.focus()
}

/** The page can neither go elsewhere nor open or embed anything. */
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
