import { join } from 'node:path'
import { app, protocol } from 'electron'
import { z } from 'zod'
import { assertUserFolders } from '../core/user-folders.js'
import { toErrorReport } from '../shared/errors.js'
import { readRunWish, runWishSchema } from '../shared/run/run-wish.js'
import { type DesktopPlaces, openDesktop } from './desktop.js'
import { chooseDrawing } from './draw.js'
import { findLauncher } from './launcher.js'
import { type OpenRequest, openRequestSchema, readLink, readOpenRequests } from './open-request.js'
import { pageScheme } from './page-protocol.js'
import { explainNotStarted } from './questions.js'

/**
 * Electron's main process: one window, which shows the page built from `src/renderer`, and the host behind it. It
 * holds no logic of its own; runs are `core`'s business.
 */

const built = import.meta.dirname
// In a package the page and this program lie in an archive, and beside it, as plain files, what child programs load.
const unpacked = built.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked')
const places = (): DesktopPlaces => ({
  trainerEntry: join(unpacked, 'trainer.js'),
  samplerEntry: join(unpacked, 'sampler.js'),
  engineCheckEntry: join(unpacked, 'engine-check.js'),
  resourcesDirectory: process.env.TANDEM_RESOURCES_DIR ?? join(unpacked, '..', '..', 'resources'),
  pageDirectory: join(built, '..', 'renderer'),
  preload: join(built, '..', 'preload', 'index.cjs'),
  windowState: join(app.getPath('userData'), 'window-state.json'),
})

// All of it must come before the app is ready.
app.enableSandbox()
protocol.registerSchemesAsPrivileged([pageScheme])
const drawing = chooseDrawing(join(app.getPath('userData'), 'graphics.json'))

const launcher = findLauncher(process.env)
const handedOver = z.object({ wish: runWishSchema, open: z.array(openRequestSchema).max(100) })
const open = readOpenRequests(process.argv.slice(1), process.cwd())
// Who opens a document wants to see it, and not that the machine is put to work.
const asked = readRunWish(process.argv)
const wish = open.length > 0 && asked === 'first' ? false : asked

if (app.requestSingleInstanceLock({ wish, open })) {
  let openInDesktop = (request: OpenRequest): void => void open.push(request)
  // How macOS hands over what is opened, from before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openInDesktop({ kind: 'file', path })
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    const request = readLink(link)
    if (request !== null) openInDesktop(request)
  })
  // Not awaited at the top level: Electron gets ready only after this module has been evaluated.
  void app.whenReady().then(async () => {
    try {
      assertUserFolders(process.env)
    } catch (thrown) {
      await explainNotStarted(toErrorReport(thrown))
      app.exit(2)
      return
    }
    const desktop = openDesktop(places(), wish, { launcher, drawing })
    openInDesktop = desktop.open
    for (const request of open) desktop.open(request)
    app.on('second-instance', (_event, _args, _folder, data) => {
      const second = handedOver.safeParse(data).data ?? { wish: 'first' as const, open: [] }
      desktop.startedAgain(second.wish)
      for (const request of second.open) desktop.open(request)
    })
  })
} else {
  launcher.tell('runningAlready')
  app.quit()
}
