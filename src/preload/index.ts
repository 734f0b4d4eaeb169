import { contextBridge } from 'electron'
import type { DesktopBridge } from '../shared/desktop-bridge.js'

const bridge: DesktopBridge = {
  versions: {
    electron: process.versions.electron ?? '',
    chromium: process.versions.chrome ?? '',
    node: process.versions.node,
  },
}

// Electron copies and freezes it on its way into the page.
contextBridge.exposeInMainWorld('tandem', bridge)
