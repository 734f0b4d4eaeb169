import type { ErrorReport } from '../errors.js'

/** What the page gets from the desktop app, as `window.tandem`; in a browser there is none. */
export interface DesktopBridge {
  readonly versions: {
    readonly electron: string
    readonly chromium: string
    readonly node: string
  }
  /** The menu asks for a screen, by its path. Ends the subscription with the function that it returns. */
  onOpenScreen(listener: (path: string) => void): () => void
  /** The menu asks for the command palette. Ends the subscription likewise. */
  onOpenPalette(listener: () => void): () => void
}

/**
 * How the page connects to its host: it posts this to its own window, with one end of a channel, and the preload
 * hands the end on. (A port cannot pass through the bridge itself.)
 */
export const connectMessage = 'tandem:connect'

/** The channels between the preload and the main process. Nothing else may name them. */
export const channels = {
  connect: 'tandem:connect',
  openScreen: 'tandem:open-screen',
  openPalette: 'tandem:open-palette',
} as const

/** What comes back over the port of somebody who may not connect; then it is closed. */
export interface ConnectionRefusal {
  type: 'refused'
  error: ErrorReport
}
