import { join } from 'node:path'
import { app, protocol } from 'electron'
import { readRunWish, runWishSchema } from '../shared/run-wish.js'
import { type DesktopPlaces, openDesktop } from './desktop.js'
import { findLauncher } from './launcher.js'
import { pageScheme } from './page-protocol.js'

/**
 * Electron's main process: one window, which shows the page built from `src/renderer`, and the host behind it. It
 * holds no logic of its own; runs are `core`'s business.
 */

const built = import.meta.dirname
const places = (): DesktopPlaces => ({
  trainerEntry: join(built, 'trainer.js'),
  samplerEntry: join(built, 'sampler.js'),
  resourcesDirectory: process.env.TANDEM_RESOURCES_DIR ?? join(built, '..', '..', 'resources'),
  pageDirectory: join(built, '..', 'renderer'),
  preload: join(built, '..', 'preload', 'index.cjs'),
  windowState: join(app.getPath('userData'), 'window-state.json'),
})

// Both must come before the app is ready.
app.enableSandbox()
protocol.registerSchemesAsPrivileged([pageScheme])

const wish = readRunWish(process.argv)
const launcher = findLauncher(process.env)

if (app.requestSingleInstanceLock({ wish })) {
  // Not awaited at the top level: Electron gets ready only after this module has been evaluated.
  void app.whenReady().then(() => {
    const desktop = openDesktop(places(), wish, launcher)
    app.on('second-instance', (_event, _args, _folder, data) => {
      const asked = runWishSchema.safeParse((data as { wish?: unknown } | null)?.wish)
      desktop.startedAgain(asked.data ?? 'first')
    })
  })
} else {
  launcher.tell('runningAlready')
  app.quit()
}
