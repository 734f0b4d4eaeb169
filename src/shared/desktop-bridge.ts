/** What the page gets from the desktop app, as `window.tandem`; in a browser there is none. */
export interface DesktopBridge {
  readonly versions: {
    readonly electron: string
    readonly chromium: string
    readonly node: string
  }
}
