import { app, ipcMain, Menu, session, shell } from 'electron'
import { TandemHost } from '../core/host/tandem-host.js'
import { pageSource } from '../core/page/development-page.js'
import { newerRelease, type Release } from '../core/releases/newer-release.js'
import { renderReport } from '../report/load-renderer.js'
import { presets } from '../shared/run/presets.js'
import { isActive } from '../shared/run/run-stage.js'
import type { RunWish } from '../shared/run/run-wish.js'
import { acceptPages } from './accept-pages.js'
import { chooseSpawn } from './choose-spawn.js'
import { confineSession } from './confine-session.js'
import { type Drawing, startAgain } from './draw.js'
import type { Launcher } from './launcher.js'
import { menuTemplate } from './menu.js'
import { offerFile } from './offered-script.js'
import { openDocument } from './open-document.js'
import type { OpenRequest } from './open-request.js'
import { createOpener } from './opener.js'
import { pageScheme, servePage } from './page-protocol.js'
import { createReportPrinter } from './print-report.js'
import { askAboutLostPage, askForScript, confirmQuit, explainNotOpened, tellOfDrawing } from './questions.js'
import { createQuitGuard } from './quit-guard.js'
import { onEndingSignals } from './signals.js'
import { openPalette, openScreen, openWindow, showWindow, type WindowOptions } from './window.js'

/** Where the parts of this Tandem lie. */
export interface DesktopPlaces {
  trainerEntry: string
  samplerEntry: string
  engineCheckEntry: string
  resourcesDirectory: string
  /** The built page. */
  pageDirectory: string
  preload: string
  windowState: string
}

export interface Desktop {
  /** Somebody has started the app again: comes to the front, and starts what they want measured. */
  startedAgain(wish: RunWish): void
  /** The system asks for a document or a run to be shown, as soon as the page is there. */
  open(request: OpenRequest): void
}

/**
 * The dashboard in a window, until the app quits; then nothing is left running. What `runWebDashboard` of
 * `src/headless/serve` is for browsers. The app must be ready.
 */
export function openDesktop(
  places: DesktopPlaces,
  wish: RunWish,
  { launcher, drawing }: { launcher: Launcher; drawing: Drawing },
): Desktop {
  const host = new TandemHost({
    shell: 'desktop',
    version: app.getVersion(),
    environment: process.env,
    resourcesDirectory: places.resourcesDirectory,
    trainerEntry: places.trainerEntry,
    samplerEntry: places.samplerEntry,
    engineCheckEntry: places.engineCheckEntry,
    ...chooseSpawn(process.env),
    installsEngine: true,
    reports: { render: renderReport, print: createReportPrinter() },
  })
  const guard = createQuitGuard({
    isRunning: () => isActive(host.control.state.stage),
    confirm: confirmQuit,
    close: () => host.close(),
    quit: () => app.quit(),
  })
  app.on('before-quit', guard.onBeforeQuit)
  onEndingSignals(guard.quitAnyway, () => app.exit(130))
  launcher.onGone(guard.quitAnyway)
  drawing.onFallBack(() => {
    // A run does not need its window; the next start draws otherwise.
    if (!isActive(host.control.state.stage)) startAgain(launcher)
  })

  const window: WindowOptions = {
    preload: places.preload,
    statePath: places.windowState,
    mayClose() {
      // On macOS an app goes on without its window.
      if (guard.isSettled || process.platform === 'darwin') return true
      app.quit()
      return false
    },
    async onPageLost(reload) {
      if ((await askAboutLostPage()) === 'reload') reload()
      else app.quit()
    },
  }
  app.on('activate', () => showWindow(window))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })

  confineSession(session.defaultSession)
  session.defaultSession.protocol.handle(
    pageScheme.scheme,
    servePage(pageSource(places.pageDirectory, process.env)),
  )
  const opener = createOpener({
    importDocument: (path) => openDocument(path, host),
    findRun: (runId) => host.history.summary(runId),
    show(screenPath) {
      showWindow(window)
      openScreen(window, screenPath)
    },
    explain: (what, error) => void explainNotOpened(what, error),
  })
  let isReady = false
  acceptPages(ipcMain, (wire) => {
    host.connect(wire)
    opener.pageIsThere()
    if (isReady) return
    isReady = true
    launcher.tell('ready')
    const notice = drawing.takeNotice()
    if (notice !== null) void tellOfDrawing(notice)
  })
  const actions = {
    openScreen: (path: string) => openScreen(window, path),
    openPalette,
    async measureScript() {
      const file = await askForScript()
      if (file === null) return
      host.offerScript(offerFile(file))
      openScreen(window, '/script')
    },
    stopRun: () => host.control.stop(),
    openLink: (link: string) => void shell.openExternal(link),
  }
  const setMenu = (release: Release | null): void => {
    const around = { platform: process.platform, isPackaged: app.isPackaged }
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, around, release)))
  }
  setMenu(null)
  openWindow(window)
  void newerRelease(process.env, app.getVersion()).then((release) => {
    if (release !== null) setMenu(release)
  })
  void host.explore().then(() => host.startBy(wish))

  return {
    open: opener.open,
    startedAgain(another) {
      showWindow(window)
      if (another === 'first' || another === false) return
      // If something runs already, that stays what runs.
      void host.handle('startRun', { configuration: presets[another] }).catch(() => {})
    },
  }
}
