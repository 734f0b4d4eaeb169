import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import getPort, { portNumbers } from 'get-port'
import { afterEach, expect, it } from 'vitest'
import { takePicture } from '../browser.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp, LaunchOptions } from './desktop-app.js'
import { openVirtualDisplay, type VirtualDisplay } from './virtual-display.js'
import { openWaylandDisplay, waylandAbsence } from './wayland-display.js'

/*
 * Displays that are not the usual one. That there is no D-Bus is so in all of these tests: nothing tells the app of one.
 */

describeInElectron('displays', (lane) => {
  let open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const opened of open.reverse()) await opened.close()
    open = []
  })

  async function launch(options: Omit<LaunchOptions, 'folder'>): Promise<DesktopApp> {
    const desktop = await lane().launch({ folder: await lane().newFolder(), ...options })
    open.push(desktop)
    await desktop.page.getByRole('button', { name: 'Run benchmark' }).waitFor()
    return desktop
  }

  it('that magnify by one and a half show all of the page', async () => {
    const { page, problems } = await launch({ args: ['--no-run', '--force-device-scale-factor=1.5'] })

    expect(await page.evaluate('devicePixelRatio')).toBe(1.5)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await takePicture(page, 'electron-scaled')
    expect(problems).toEqual([])
  })

  it('at another machine, over a network and without shared memory', async () => {
    const display = await openVirtualDisplay(['-extension', 'MIT-SHM'])
    open.push(display)
    const remote = await openRemotely(display)
    open.push(remote)
    const { page, problems } = await launch({ environment: { DISPLAY: remote.name } })

    expect((await page.screenshot()).length).toBeGreaterThan(1_000)
    expect(problems).toEqual([])
  })

  it.skipIf(waylandAbsence !== null)(
    `of Wayland${waylandAbsence === null ? '' : ` (skipped: ${waylandAbsence})`}`,
    async () => {
      const folder = await lane().newFolder()
      const screen = await openVirtualDisplay()
      open.push(screen)
      const display = await openWaylandDisplay(folder, screen)
      open.push(display)
      // Electron finds out by itself from 38 on.
      const desktop = await lane().launch({
        folder,
        args: ['--no-run', '--ozone-platform=wayland'],
        environment: { DISPLAY: '', WAYLAND_DISPLAY: display.name },
      })
      open.push(desktop)
      await desktop.page.getByRole('button', { name: 'Run benchmark' }).waitFor()

      expect(desktop.problems).toEqual([])
      const isShown = desktop.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.isVisible(),
      )
      expect(await isShown).toBe(true)
    },
  )
})

/** The same display as if it were elsewhere: by its address, as `ssh -X` and remote X servers have it. */
async function openRemotely({ name }: VirtualDisplay): Promise<VirtualDisplay> {
  const port = await getPort({ port: portNumbers(6_010, 6_099), host: '127.0.0.1' })
  const server: Server = createServer((client) => {
    const local = connect(`/tmp/.X11-unix/X${name.slice(1)}`)
    client.pipe(local).pipe(client)
    client.on('error', () => local.destroy())
    local.on('error', () => client.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    name: `127.0.0.1:${port - 6_000}`,
    async close() {
      server.close()
    },
  }
}
