import type { MenuItemConstructorOptions } from 'electron'
import { screens } from '../shared/screens.js'

export interface MenuActions {
  openScreen(path: string): void
  openPalette(): void
  stopRun(): void
}

/** The application menu: the usual editing and viewing, the screens, and the two things one does with a run. */
export function menuTemplate(
  { openScreen, openPalette, stopRun }: MenuActions,
  { platform, isPackaged }: { platform: NodeJS.Platform; isPackaged: boolean },
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Benchmark', accelerator: 'CmdOrCtrl+N', click: () => openScreen('/') },
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
    ...(isMac ? [] : [{ label: '&Help', submenu: [{ role: 'about' } as const] }]),
  ]
}
