import { afterAll, beforeAll, describe } from 'vitest'
import { type DesktopLane, electron, openLane } from './desktop-app.js'

/** Tests in Electron itself: skipped, with what is missing in their title, where it cannot open a window. */
export function describeInElectron(title: string, define: (lane: () => DesktopLane) => void): void {
  if ('absence' in electron) {
    describe.skip(`${title} (skipped: ${electron.absence})`, () => define(neverOpened))
    return
  }
  describe(`${title}, in Electron ${electron.kind === '22' ? '22' : 'of its own version'}`, {
    timeout: 240_000,
  }, () => {
    let opened: DesktopLane
    beforeAll(async () => {
      opened = await openLane()
    }, 120_000)
    afterAll(() => opened?.dispose())
    define(() => opened)
  })
}

function neverOpened(): never {
  throw new Error('skipped')
}
