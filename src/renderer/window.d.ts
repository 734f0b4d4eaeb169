import type { DesktopBridge } from '../shared/desktop-bridge.js'

declare global {
  interface Window {
    /** Only in the desktop app. */
    readonly tandem?: DesktopBridge
  }
}
