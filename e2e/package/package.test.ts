import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { electron } from '../electron/desktop-app.js'
import { openVirtualDisplay, type VirtualDisplay } from '../electron/virtual-display.js'
import { buildPackage, type Installers } from './build-package.js'
import { type DebianRoot, openDebianRoot } from './debian-root.js'
import { hasDebian } from './ensure-debian.mjs'
import { printedWithoutNamespaces } from './without-namespaces.js'

/*
 * The packages, as people get them who have no Node. In this order: the .deb is installed with dpkg in a clean Debian,
 * looked at, and removed again.
 */

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
    debian = await openDebianRoot({ package: join(installers.deb, '..') })
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

  it('is removed with nothing left', () => {
    dpkg('--remove', 'tandem')

    // What dpkg keeps of every package; it removes `/opt`, too, where nothing else is in it.
    const ofTheSystem = /^\/(opt$|(srv|var\/lib\/dpkg|var\/log|var\/cache)\/)/
    expect(debian.changedFiles().filter((path) => !ofTheSystem.test(path))).toEqual([])
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
