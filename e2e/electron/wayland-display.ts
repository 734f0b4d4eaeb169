import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import which from 'which'
import { eventually } from '../eventually.js'
import { programAsUser } from './ordinary-user.js'
import type { VirtualDisplay } from './virtual-display.js'

/** Why no Wayland can be had; null where it can. */
export const waylandAbsence =
  which.sync('weston', { nothrow: true }) === null ? 'weston is not there (Debian: weston)' : null

/**
 * A Wayland compositor by the user that the app runs as. It shows itself on an X display, since one without a screen has
 * no keyboard either, which Chromium takes for granted; its clients know nothing of that.
 *
 * @param folder that user's `XDG_RUNTIME_DIR`
 */
export async function openWaylandDisplay(folder: string, screen: VirtualDisplay): Promise<VirtualDisplay> {
  const name = 'wayland-of-test'
  const weston = spawn(
    programAsUser('weston', folder),
    ['--backend=x11-backend.so', '--use-pixman', `--socket=${name}`, '--no-config', '--idle-time=0'],
    {
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        HOME: folder,
        XDG_RUNTIME_DIR: folder,
        DISPLAY: screen.name,
      },
      stdio: 'ignore',
    },
  )
  const ended = once(weston, 'exit')
  await eventually('the compositor is there', 20_000, () => existsSync(join(folder, name)))
  return {
    name,
    async close() {
      weston.kill('SIGKILL')
      await ended
    },
  }
}
