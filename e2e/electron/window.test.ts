import { afterAll, beforeAll, expect, it } from 'vitest'
import { takePicture } from '../browser.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp } from './desktop-app.js'
import { groupMembers, statusField } from './process-group.js'

/* What the window is: the page, connected, and shut in. One app for all of it, since nothing here trains. */

describeInElectron('the window', (lane) => {
  let desktop: DesktopApp
  beforeAll(async () => {
    desktop = await lane().launch({ folder: await lane().newFolder() })
  })
  afterAll(() => desktop?.close())

  it('opens with the page connected to its host', async () => {
    const { page } = desktop
    await page.getByRole('button', { name: 'Run benchmark' }).waitFor()

    expect(page.url()).toMatch(/^app:\/\/tandem\/index\.html/)
    expect(desktop.problems).toEqual([])
    await takePicture(page, 'electron-benchmark')
  })

  it('runs in Chromium’s sandbox', () => {
    const processes = groupMembers(desktop.pid)
    const renderers = processes.filter(({ command }) => command.includes('--type=renderer'))

    expect(renderers.length).toBeGreaterThan(0)
    for (const { pid } of renderers) {
      expect(statusField(pid, 'Seccomp')).toBe('2')
      // A namespace of its own: it has another number in there.
      expect(statusField(pid, 'NSpid').split(/\s+/).length).toBeGreaterThan(1)
    }
    expect(processes.filter(({ command }) => command.includes('--no-sandbox'))).toEqual([])
    expect(statusField(desktop.pid, 'Uid').split(/\s+/)).not.toContain('0')
  })
})
