import type { MenuItemConstructorOptions } from 'electron'
import type { Release } from '../core/releases/newer-release.js'
import { screens } from '../shared/screens.js'

export interface MenuActions {
  openScreen(path: string): void
  openPalette(): void
  measureScript(): void
  stopRun(): void
  openLink(link: string): void
}

/**
 * The application menu: the usual editing and viewing, the screens, what one does with a run, and the release
 * that is newer than this one, where somebody wants to know of it.
 */
export function menuTemplate(
  { openScreen, openPalette, measureScript, stopRun, openLink }: MenuActions,
  { platform, isPackaged }: { platform: NodeJS.Platform; isPackaged: boolean },
  release: Release | null = null,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const help: MenuItemConstructorOptions[] = [
    ...(release === null
      ? []
      : [{ label: `Tandem ${release.version} Is There`, click: () => openLink(release.link) }]),
    // On macOS it is in the app's own menu.
    ...(isMac ? [] : [{ role: 'about' } as const]),
  ]
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Benchmark', accelerator: 'CmdOrCtrl+N', click: () => openScreen('/') },
        { label: 'Measure a Script…', accelerator: 'CmdOrCtrl+O', click: measureScript },
        { label: 'Stop Benchmark', accelerator: 'CmdOrCtrl+.', click: stopRun },
        separator,
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...screens.map(({ path, title }, index): MenuItemConstructorOptions => {
          return { label: title, accelerator: `CmdOrCtrl+${index + 1}`, click: () => openScreen(path) }
        }),
        separator,
        { label: 'Command Palette', accelerator: 'CmdOrCtrl+K', click: openPalette },
        separator,
        { role: 'reload' },
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    ...(help.length === 0 ? [] : [{ label: '&Help', submenu: help }]),
  ]
}
