import { assertNever } from '../../shared/errors.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import type { Surroundings } from './surroundings.js'

/** How far Electron is. */
export type ElectronState =
  | { status: 'installed'; path: string }
  /** It can be fetched. */
  | { status: 'missing' }
  /** It cannot be had. */
  | { status: 'unavailable'; why: string }
  /** It was started, and came to nothing. */
  | { status: 'failed'; why: string }

/** What `npm start` does next. `why` completes a sentence, for people. */
export type NextStep =
  | { do: 'fetch-electron' }
  | { do: 'open-desktop'; path: string; why: string }
  | { do: 'serve-browsers'; why: string }
  /** A benchmark to its end, in the terminal. */
  | { do: 'measure'; why: string }

/**
 * What to do, from where Tandem was started and how far Electron is by now. Asked again after each step that did not
 * settle it; every way ends in a benchmark or a dashboard.
 */
export function nextStep(around: Surroundings, wish: RunWish, electron: ElectronState): NextStep {
  if (!around.hasTerminal || around.isCi) {
    const why = around.isCi ? 'this is a build server (CI is set)' : 'nobody is watching (no terminal)'
    // Who wants no run wants the dashboard, for somebody who comes later.
    return wish === false ? { do: 'serve-browsers', why } : { do: 'measure', why }
  }
  const obstacle = noDesktop(around)
  if (obstacle !== null) return { do: 'serve-browsers', why: obstacle }
  switch (electron.status) {
    case 'installed':
      return { do: 'open-desktop', path: electron.path, why: 'there is a display, and Electron runs' }
    case 'missing':
      return { do: 'fetch-electron' }
    case 'unavailable':
      return { do: 'serve-browsers', why: `Electron is not there: ${electron.why}` }
    case 'failed':
      return { do: 'serve-browsers', why: `Electron did not open a window: ${electron.why}` }
    default:
      return assertNever(electron, 'state of Electron')
  }
}

function noDesktop({ isRemote, hasDisplay, isRoot }: Surroundings): string | null {
  if (isRemote) return 'this is a session over SSH'
  if (!hasDisplay) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  // Chromium's sandbox does not work for root, and without it Tandem opens no window.
  return isRoot ? 'Electron does not run as root' : null
}
