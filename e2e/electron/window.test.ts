import { afterAll, beforeAll, expect, it } from 'vitest'
import { offerFile } from '../../src/main/offered-script.js'
import { screens } from '../../src/shared/screens.js'
import { configurationOf } from '../../src/shared/script/script-configuration.js'
import { takePicture } from '../browser.js'
import { eventually } from '../eventually.js'
import { describeInElectron } from './describe.js'
import type { DesktopApp } from './desktop-app.js'
import { callHost, hostState } from './host-calls.js'
import { groupMembers, statusField } from './process-group.js'

/* What the window is: the page, connected, and shut in. One app for all of it, since nothing here trains. */

describeInElectron('the window', (lane) => {
  let desktop: DesktopApp
  beforeAll(async () => {
    desktop = await lane().launch({ folder: await lane().newFolder() })
  })
  afterAll(() => desktop?.close())

  /** What the page refuses is said on its console; where that was wanted, it is no problem. */
  function forgetProblems(): void {
    desktop.problems.splice(0)
  }

  it('opens with the page connected to its host', async () => {
    const { page } = desktop
    await page.getByRole('button', { name: 'Run benchmark' }).waitFor()

    expect(page.url()).toMatch(/^app:\/\/tandem\/index\.html/)
    expect((await hostState(page)).app.shell).toBe('desktop')
    expect(desktop.problems).toEqual([])
  })

  it('runs in Chromium’s sandbox, as an ordinary user', () => {
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

  it('gives the page its bridge and nothing of Node', async () => {
    const { page } = desktop
    expect(await page.evaluate('Object.keys(tandem).sort()')).toEqual([
      'onOpenPalette',
      'onOpenScreen',
      'versions',
    ])
    expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual(
      Array(3).fill('undefined'),
    )
  })

  it('lets the page reach no other address, and run no script but its own', async () => {
    const { page } = desktop
    for (const address of ['https://example.org/', 'http://127.0.0.1:9/', 'file:///etc/hostname']) {
      const fetched = page.evaluate(
        `fetch(${JSON.stringify(address)}).then(() => 'let through', () => 'refused')`,
      )
      expect(await fetched, address).toBe('refused')
    }
    await page.evaluate(`document.body.append(Object.assign(document.createElement('script'), {
      textContent: 'globalThis.injected = true' }))`)
    expect(await page.evaluate('globalThis.injected')).toBeUndefined()
    const other = page.evaluate(`fetch('app://tandem/../../package.json').then(({ status }) => status)`)
    expect(await other).toBe(404)
    forgetProblems()
  })

  it('keeps the page in its place', async () => {
    const { page, app } = desktop
    expect(await page.evaluate('String(open("https://example.org/"))')).toBe('null')
    for (const elsewhere of ['https://example.org/', 'file:///etc/hostname', 'app://elsewhere/index.html']) {
      await page.evaluate(`void (location.href = ${JSON.stringify(elsewhere)})`)
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))')
      expect(page.url(), elsewhere).toMatch(/^app:\/\/tandem\//)
    }
    const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    expect(windows).toBe(1)
    forgetProblems()
  })

  it('grants the page nothing but the full screen', async () => {
    const { page } = desktop
    const asked = await page.evaluate(`Promise.all([
      navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', ({ name }) => name),
      Notification.requestPermission(),
      new Promise((resolve) => navigator.geolocation.getCurrentPosition(
        () => resolve('granted'), ({ code }) => resolve(code === 1 ? 'denied' : 'unavailable'))),
      navigator.permissions.query({ name: 'midi' }).then(({ state }) => state),
    ])`)
    expect(asked).toEqual([
      expect.stringMatching(/^NotAllowedError|NotFoundError$/),
      'denied',
      'denied',
      'denied',
    ])
    forgetProblems()
  })

  it('hears neither a frame in the page, nor two ports at once', async () => {
    const { page } = desktop
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { name: 'inner' }))`,
    )
    await eventually('the frame is there', 20_000, () => page.frame('inner') !== null)
    const silent = `new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => resolve(data.type)
      port1.postMessage({ type: 'hello', protocol: 3 })
      TARGET
      setTimeout(() => resolve('nothing'), 500)
    })`
    const fromFrame = silent.replace('TARGET', `parent.postMessage('tandem:connect', '*', [port2])`)
    expect(await page.frame('inner')?.evaluate(fromFrame)).toBe('nothing')
    const two = `postMessage('tandem:connect', '*', [port2, new MessageChannel().port1])`
    expect(await page.evaluate(silent.replace('TARGET', two))).toBe('nothing')
    await page.evaluate(`document.querySelector('iframe[name=inner]').remove()`)
    forgetProblems()
  })

  it('has the page measure a script that was chosen in its dialog, and no other', async () => {
    const { app, page } = desktop
    const choose = (files: string[]) =>
      app.evaluate(({ dialog, Menu }, filePaths) => {
        dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths })
        const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
        items?.find(({ label }) => label === 'Measure a Script…')?.click()
      }, files)
    await choose([])
    expect((await hostState(page)).offeredScript).toBeNull()
    await choose(['/project/train.py'])
    await page.getByRole('heading', { name: 'Your script' }).waitFor()
    expect((await hostState(page)).offeredScript?.script).toMatchObject({
      ...{ command: ['train.py'], folder: '/project' },
    })
    const wanted = configurationOf(
      { ...offerFile('/project/train.py').script, command: ['sh', '-c', 'id'] },
      { repeats: 1, seed: 0, deviceKind: 'cpu' },
    )
    await expect(callHost(page, 'startRun', { configuration: wanted })).rejects.toThrow(/script-from-page/)
    // The file is not there, and the page says so.
    await page
      .getByText(/is no folder/)
      .first()
      .waitFor()
    await takePicture(page, 'desktop-script')
  })

  it('lets no other page connect, even one with its preload', async () => {
    const { app } = desktop
    const answer = await app.evaluate(async ({ app: electron, BrowserWindow }) => {
      const preload = `${electron.getAppPath()}/out/preload/index.cjs`
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await stranger.loadURL('data:text/html,<title>stranger</title>')
      const said = await stranger.webContents.executeJavaScript(`new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => resolve(data)
        postMessage('tandem:connect', '*', [port2])
        setTimeout(() => resolve('nothing'), 5000)
      })`)
      stranger.destroy()
      return said
    })
    expect(answer).toMatchObject({ type: 'refused', error: { code: 'sender-refused' } })
  })

  it('goes where its menu leads, also while a report is printed in a window of its own', async () => {
    const { app, page } = desktop
    const press = (label: string) =>
      app.evaluate(({ Menu }, wanted) => {
        const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
        items.find((item) => item.label === wanted)?.click()
      }, label)
    for (const { path, title } of [...screens].reverse()) {
      await press(title)
      await eventually(title, 20_000, () => new URL(page.url()).hash === (path === '/' ? '#/' : `#${path}`))
    }
    await app.evaluate(({ BrowserWindow }) => {
      Object.assign(globalThis, { printing: new BrowserWindow({ show: false }) })
    })
    await press('Command Palette')
    await page.getByRole('dialog').waitFor({ timeout: 10_000 })
    await page.keyboard.press('Escape')
    await app.evaluate(() => (globalThis as unknown as { printing: { destroy(): void } }).printing.destroy())
  })

  it('fills the screen in Present, and gives it back', async () => {
    const { page } = desktop
    await page.evaluate(`location.hash = '/present'`)
    await page.getByRole('button', { name: 'Full screen' }).click()
    await eventually('it fills the screen', 20_000, () =>
      page.evaluate('document.fullscreenElement !== null'),
    )
    await page.getByRole('button', { name: 'Leave full screen' }).click()
    await eventually('it is a window again', 20_000, () =>
      page.evaluate('document.fullscreenElement === null'),
    )
  })

  it('is drawn in both themes, as the system has it', async () => {
    const { app, page } = desktop
    await page.evaluate(`location.hash = '/'`)
    await page.getByRole('button', { name: 'Run benchmark' }).waitFor()
    const backgrounds = []
    for (const theme of ['light', 'dark'] as const) {
      await app.evaluate(({ nativeTheme }, wanted) => {
        nativeTheme.themeSource = wanted
      }, theme)
      await eventually(theme, 20_000, () =>
        page.evaluate(`matchMedia('(prefers-color-scheme: ${theme})').matches`),
      )
      await page.waitForTimeout(300)
      await takePicture(page, `electron-benchmark-${theme}`)
      backgrounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
    }
    expect(new Set(backgrounds).size).toBe(2)
    expect(desktop.problems).toEqual([])
  })
})
