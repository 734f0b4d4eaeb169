import type { DesktopBridge } from '../shared/desktop-bridge.js'

declare global {
  interface Window {
    /** Put there by src/preload; absent in a browser. */
    readonly tandem?: DesktopBridge
  }
}
