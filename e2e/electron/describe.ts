import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type DesktopLane, electron, killAllApps, openLane } from './desktop-app.js'

/** Of a test, on a machine that is busy with others. */
const longestMs = 300_000

/** Tests in Electron itself: skipped, with what is missing in their title, where it cannot open a window. */
export function describeInElectron(title: string, define: (lane: () => DesktopLane) => void): void {
  if ('absence' in electron) {
    describe.skip(`${title} (skipped: ${electron.absence})`, () => define(neverOpened))
    return
  }
  const which = electron.kind === '22' ? '22' : 'of its own version'
  describe(`${title}, in Electron ${which}`, { timeout: longestMs }, () => {
    let opened: DesktopLane
    beforeAll(async () => {
      opened = await openLane()
    }, longestMs)
    afterAll(() => opened?.dispose())
    // An app that hangs would hold its test, and outlive it.
    let watchdog: NodeJS.Timeout
    beforeEach(() => {
      watchdog = setTimeout(killAllApps, longestMs - 10_000)
    })
    afterEach(() => clearTimeout(watchdog))
    define(() => opened)
  })
}

function neverOpened(): never {
  throw new Error('skipped')
}
