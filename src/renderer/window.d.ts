import type { DesktopBridge } from '../shared/desktop/desktop-bridge.js'

declare global {
  interface Window {
    /** Only in the desktop app. */
    readonly tandem?: DesktopBridge
  }
}
