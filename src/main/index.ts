import { join } from 'node:path'
import { app, protocol, session } from 'electron'
import { pageScheme, servePage } from './page-protocol.js'
import { denyPermissions } from './permissions.js'
import { openWindow, showWindow } from './window.js'

/**
 * Electron's main process: one window, which shows the page built from `src/renderer`. It holds no logic of
 * its own; runs are `core`'s business.
 */

const outFolder = join(import.meta.dirname, '..')

// Both must come before the app is ready.
app.enableSandbox()
protocol.registerSchemesAsPrivileged([pageScheme])

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => app.quit())
  // Not awaited at the top level: Electron gets ready only after this module has been evaluated.
  void app.whenReady().then(start)
} else {
  app.quit()
}

function start(): void {
  denyPermissions(session.defaultSession)
  session.defaultSession.protocol.handle(pageScheme.scheme, servePage(join(outFolder, 'renderer')))
  openWindow(join(outFolder, 'preload', 'index.cjs'))
}
