import { contextBridge, ipcRenderer } from 'electron'
import { channels, connectMessage, type DesktopBridge } from '../shared/desktop/desktop-bridge.js'

/*
 * All that the page reaches of the desktop app. It gets no channel, no event and nothing of Electron's; what it may
 * ask for goes over the port that is handed on here, in the messages that every page uses.
 */

const bridge: DesktopBridge = {
  versions: {
    electron: process.versions.electron ?? '',
    chromium: process.versions.chrome ?? '',
    node: process.versions.node,
  },
  onOpenScreen(listener) {
    const hear = (_event: unknown, path: unknown): void => {
      if (typeof path === 'string') listener(path)
    }
    ipcRenderer.on(channels.openScreen, hear)
    return () => ipcRenderer.off(channels.openScreen, hear)
  },
  onOpenPalette(listener) {
    const hear = (): void => listener()
    ipcRenderer.on(channels.openPalette, hear)
    return () => ipcRenderer.off(channels.openPalette, hear)
  },
}

// Electron copies and freezes it on its way into the page.
contextBridge.exposeInMainWorld('tandem', bridge)

window.addEventListener('message', ({ source, data, ports }) => {
  const [port] = ports
  // Only the page itself: a frame within it would be another source.
  if (source !== window || data !== connectMessage || port === undefined || ports.length > 1) return
  ipcRenderer.postMessage(channels.connect, null, [port])
})
