import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import getPort from 'get-port'
import { chromium } from 'playwright-core'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateEngine } from '../../src/core/engine/locate.js'
import { electron } from '../electron/desktop-app.js'
import { callHost, endOfRun, type HostPage, stageOf } from '../electron/host-calls.js'
import { groupMembers, killGroup, statusField } from '../electron/process-group.js'
import { childrenOf } from '../electron/process-tree.js'
import { openVirtualDisplay, type VirtualDisplay } from '../electron/virtual-display.js'
import { eventually } from '../eventually.js'
import { startTandem } from '../tandem-process.js'
import { buildPackage, type Installers } from './build-package.js'
import { type DebianRoot, openDebianRoot } from './debian-root.js'
import { hasDebian, person } from './ensure-debian.mjs'
import { printedWithoutNamespaces } from './without-namespaces.js'

/*
 * The packages, as people get them who have no Node. In this order: the .deb is installed with dpkg in a clean Debian,
 * started from /opt, measures, shares its history with the clone, and is removed again.
 */

const engine = await locateEngine()
const dataFolder = `${person.home}/.local/share/tandem`
const shippedVersion = '0.1.0'

async function absence(): Promise<string | null> {
  if ('absence' in electron) return electron.absence
  if (await hasDebian()) return null
  return process.env.TANDEM_TEST_NO_DEBIAN_REASON ?? '`npm test` has not made a Debian for it'
}

const missing = await absence()

const title = `the packages${missing === null ? '' : ` (skipped: ${missing})`}`

describe.skipIf(missing !== null)(title, { timeout: 600_000 }, () => {
  let installers: Installers
  let display: VirtualDisplay
  let debian: DebianRoot

  beforeAll(async () => {
    if ('absence' in electron) return
    installers = await buildPackage(electron)
    display = await openVirtualDisplay()
    debian = await openDebianRoot({
      package: join(installers.deb, '..'),
      ...(engine !== null && { tensorflow: engine.directory }),
    })
  }, 600_000)
  afterAll(async () => {
    await debian?.close()
    await display?.close()
  })

  const dpkg = (...args: string[]): string => debian.run('dpkg', ...args)

  it('is installed where its dependencies are, with what the system needs of it', () => {
    dpkg('--install', `/srv/package/${installers.deb.split('/').at(-1)}`)

    expect(debian.runAsPerson('tandem', '--version').trim()).toBe(shippedVersion)
    expect(statSync(debian.outside('/opt/tandem/chrome-sandbox')).mode & 0o7777).toBe(0o4755)
    const files = dpkg('--listfiles', 'tandem').trim().split('\n')
    for (const shipped of [
      '/opt/tandem/LICENSE.electron.txt',
      '/opt/tandem/LICENSES.chromium.html',
      '/opt/tandem/resources/apparmor-profile',
      '/opt/tandem/resources/app.asar.unpacked/node_modules/zod/LICENSE',
      '/usr/share/applications/tandem.desktop',
      '/usr/share/doc/tandem/copyright',
      '/usr/share/icons/hicolor/256x256/apps/tandem.png',
      '/usr/share/mime/packages/tandem.xml',
    ])
      expect(files).toContain(shipped)
    const unwanted =
      /node_modules\/(vite|electron|vitest|typescript|@biomejs)\/|@koromix\/koffi-(darwin|win32)/
    expect(files.filter((path) => unwanted.test(path))).toEqual([])
  })

  it('has the fuses that it is to have', () => {
    const tool = fileURLToPath(
      new URL('../../scripts/packaging/node_modules/@electron/fuses/dist/bin.js', import.meta.url),
    )
    const program = debian.outside('/opt/tandem/tandem-desktop')
    const said = execFileSync(process.execPath, [tool, 'read', '--app', program], { encoding: 'utf8' })
    const fuses = Object.fromEntries(
      [...said.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(([, name, state]) => [name, state]),
    )
    expect(fuses).toMatchObject({
      RunAsNode: 'Enabled',
      EnableCookieEncryption: 'Disabled',
      EnableNodeOptionsEnvironmentVariable: 'Disabled',
      EnableNodeCliInspectArguments: 'Disabled',
      EnableEmbeddedAsarIntegrityValidation: 'Enabled',
      OnlyLoadAppFromAsar: 'Enabled',
    })
  })

  it('measures what it was started for, in its sandbox, prints it, and ends in order', async () => {
    const port = await getPort()
    const starter = debian.startAsPerson(
      '/opt/tandem/tandem-desktop',
      ['--run=quick', `--remote-debugging-port=${port}`],
      {
        DISPLAY: display.name,
        XDG_RUNTIME_DIR: person.home,
        ...(engine !== null && { TANDEM_TENSORFLOW_DIR: '/srv/tensorflow' }),
      },
    )
    try {
      const page = await reachPage(port)
      const members = groupMembers(starter.pid as number)
      const renderer = members.find(({ command }) => command.includes('--type=renderer'))
      expect(statusField(renderer?.pid ?? 0, 'Seccomp')).toBe('2')
      expect(members.filter(({ command }) => command.includes('--no-sandbox'))).toEqual([])

      // The first on its machine: it tunes, too, and other tests compute beside it.
      await endOfRun(page, 540_000)
      const stage = await stageOf(page)
      expect(stage.kind).toBe('done')
      const { runId } = stage as { runId: string }
      const results = await callHost(page, 'readResults', { runId })
      expect(results).toMatchObject({ status: 'complete', configuration: { preset: 'quick' } })
      const expected = engine === null ? 'wasm' : 'tensorflow'
      expect(new Set(results.measurements.map(({ backend }) => backend))).toEqual(new Set([expected]))
      const pdf = await callHost(page, 'exportRun', { runId, format: 'pdf', paper: 'a4' })
      const document = await getDocumentProxy(new Uint8Array(Buffer.from(pdf.base64, 'base64')))
      expect((await extractText(document, { mergePages: true })).text).toContain('How much faster?')
      expect(await endOf(starter)).toBe(0)
    } finally {
      killGroup(starter.pid as number)
    }
  })

  it('shares its history with a clone, and says of a newer Tandem’s run that it is one', async () => {
    const clone = (...args: string[]): Promise<string> =>
      printedBy(startTandem(args, { TANDEM_DATA_DIR: debian.outside(dataFolder) }))
    const packaged = (...args: string[]): string => debian.runAsPerson('tandem', ...args)
    const listed = JSON.parse(await clone('history', 'list', '--json'))
    // With the example that ships with both; imported, it is still one run.
    expect(listed).toMatchObject({ total: 2, runs: [{ status: 'complete' }, {}] })

    const example = fileURLToPath(new URL('../../docs/example-report/results.json', import.meta.url))
    await clone('history', 'import', example)
    expect(packaged('history', 'list')).toContain(listed.runs[0].runId)
    expect(JSON.parse(packaged('history', 'list', '--json')).total).toBe(listed.total)

    const newer = debian.outside('/tmp/newer.json')
    writeFileSync(newer, JSON.stringify({ format: 'tandem-results', version: 999 }))
    expect(() => packaged('history', 'import', '/tmp/newer.json')).toThrow(/newer Tandem/)
  })

  it('is removed with nothing left but what its user has of it', () => {
    dpkg('--remove', 'tandem')

    // What dpkg keeps of every package; it removes `/opt`, too, where nothing else is in it.
    const ofTheSystem = /^\/(opt$|(srv|var\/lib\/dpkg|var\/log|var\/cache)\/)/
    const left = debian.changedFiles().filter((path) => !ofTheSystem.test(path))
    expect(left.filter((path) => !path.startsWith(`${person.home}/`))).toEqual([])
    expect(left.some((path) => path.startsWith(`${dataFolder}/runs/`))).toBe(true)
  })

  it('as a tar.gz says in one line what it needs where user namespaces are forbidden', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-tar-'))
    try {
      execFileSync('tar', ['-xzf', installers.tarGz, '-C', folder])
      const program = join(folder, `tandem-${shippedVersion}`, 'tandem')
      const opened = /^(Opening the dashboard for a browser: .*)$/m
      const said = await printedWithoutNamespaces(`${program} start --no-run`, opened, folder, {
        DISPLAY: display.name,
      })
      expect(said.match(opened)?.[1]).toMatch(
        /this system forbids the user namespaces.*sudo sh -c "chown root:root '.*chrome-sandbox' && chmod 4755/,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** The page of an app that was started with `--remote-debugging-port`: the only way in that a package leaves. */
async function reachPage(port: number): Promise<HostPage> {
  const address = `http://127.0.0.1:${port}`
  await eventually('its page can be reached', 60_000, async () => {
    const targets = await fetch(`${address}/json/list`).then(
      (answer) => answer.text(),
      () => '',
    )
    return targets.includes('app://tandem/')
  })
  // Electron has one session, and nothing of it that a client may set.
  const browser = await chromium.connectOverCDP(address, { noDefaults: true })
  const page = browser.contexts()[0]?.pages()[0]
  if (page === undefined) throw new Error('the app has no window')
  await page.getByRole('button', { name: 'Stop' }).first().waitFor()
  return page
}

/** Ends the app politely; its starter, which entered the Debian for it, ends with its exit code. */
async function endOf(starter: ChildProcess): Promise<number | null> {
  const exited = once(starter, 'exit')
  for (const pid of childrenOf(starter.pid as number)) process.kill(pid, 'SIGTERM')
  const [code] = await exited
  await eventually('all of it has ended', 10_000, () => groupMembers(starter.pid as number).length === 0)
  return code as number | null
}

async function printedBy(tandem: ReturnType<typeof startTandem>): Promise<string> {
  expect(await tandem.ended(), tandem.output()).toBe(0)
  return tandem.output()
}
