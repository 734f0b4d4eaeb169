// @ts-nocheck: its packages are installed only where installers are made.
import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { create as createTar } from 'tar'
import { depends, recommends } from './linux/dependencies.mjs'

const require = createRequire(import.meta.url)
const here = fileURLToPath(new URL('.', import.meta.url))
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

/** Debian's names of the architectures that there is an Electron for. */
const debianArchitectures = { x64: 'amd64', arm64: 'arm64' }

/**
 * What of a built folder makes a package that `dpkg -i` installs.
 *
 * @param {object} parts
 * @param {string} parts.folder electron-builder's `linux-unpacked`
 * @param {string} parts.output where the package goes
 * @param {'x64' | 'arm64'} parts.arch
 * @param {{ name: string, version: string, description: string }} parts.manifest
 * @returns {Promise<string>} its path
 */
export async function makeDeb({ folder, output, arch, manifest, compression }) {
  const installer = new TandemInstaller({
    src: folder,
    dest: output,
    name: manifest.name,
    bin: 'tandem-desktop',
    version: manifest.version,
    arch: debianArchitectures[arch],
    description: 'Click-to-benchmark training on one device and on several',
    productDescription: manifest.description,
    productName: 'Tandem',
    genericName: 'Training benchmark',
    maintainer: 'The Tandem authors <tandem@localhost>',
    section: 'science',
    categories: ['Development', 'Science'],
    mimeType: ['application/x-tandem', 'x-scheme-handler/tandem'],
    desktopTemplate: join(here, 'linux', 'tandem.desktop.ejs'),
    icon: Object.fromEntries(
      iconSizes.map((size) => [`${size}x${size}`, join(here, 'icons', `${size}x${size}.png`)]),
    ),
    scripts: { postinst: join(here, 'linux', 'postinst'), postrm: join(here, 'linux', 'postrm') },
    compression,
    rename: (/** @type {string} */ to) =>
      join(to, `${manifest.name}_${manifest.version}_${debianArchitectures[arch]}.deb`),
    logger: () => {},
  })
  await installer.generateDefaults()
  installer.generateOptions()
  Object.assign(installer.options, { depends, recommends, suggests: [], enhances: [], preDepends: [] })
  await installer.createStagingDir()
  try {
    await installer.createContents()
    await installer.createPackage()
    await installer.movePackage()
  } finally {
    // Nobody else removes it: what it holds lies in a temporary folder.
    await rm(dirname(installer.stagingDir), { recursive: true, force: true })
  }
  return installer.options.packagePaths[0]
}

const { Installer } = require('electron-installer-debian')

/** Its own folder is `/opt/tandem`, as for programs that do not come from Debian; `tandem` is the command line. */
class TandemInstaller extends Installer {
  get contentFunctions() {
    return [...super.contentFunctions, 'copySystemFiles']
  }

  get stagingAppDir() {
    return join(this.stagingDir, 'opt', this.appIdentifier)
  }

  async createBinarySymlink() {
    const { symlink } = await import('node:fs/promises')
    const folder = join(this.stagingDir, 'usr', 'bin')
    await mkdir(folder, { recursive: true })
    for (const name of ['tandem', 'tandem-desktop'])
      await symlink(`/opt/${this.appIdentifier}/${name}`, join(folder, name))
  }

  /** Electron's own licences stay beside it; this is the place where Debian looks for ours. */
  async copyLicense(/** @type {string} */ to) {
    await copyFile(join(here, '..', '..', 'LICENSE'), to)
  }

  /**
   * What AppArmor and desktops are told: Ubuntu forbids Chromium's sandbox to programs that no profile names. `postinst`
   * puts the profile into its place, where the system's AppArmor understands it.
   */
  async copySystemFiles() {
    for (const [from, to] of /** @type {const} */ ([
      ['apparmor-profile', 'opt/tandem/resources/apparmor-profile'],
      ['tandem-mime.xml', 'usr/share/mime/packages/tandem.xml'],
    ])) {
      const path = join(this.stagingDir, to)
      await mkdir(dirname(path), { recursive: true })
      await copyFile(join(here, 'linux', from), path)
      await chmod(path, 0o644)
    }
  }
}

/**
 * The same folder for systems without dpkg. It has no helper that is set up by root: where user namespaces are forbidden,
 * its own note says what to do.
 *
 * @param {object} parts
 * @param {string} parts.folder
 * @param {string} parts.output
 * @param {'x64' | 'arm64'} parts.arch
 * @param {{ name: string, version: string }} parts.manifest
 * @param {'xz' | 'none'} parts.compression `none` for tests, to which time matters and size does not
 * @returns {Promise<string>}
 */
export async function makeTarGz({ folder, output, arch, manifest, compression }) {
  const path = join(output, `${manifest.name}-${manifest.version}-linux-${arch}.tar.gz`)
  await rm(path, { force: true })
  const prefix = `${manifest.name}-${manifest.version}`
  await createTar(
    {
      file: path,
      gzip: { level: compression === 'none' ? 1 : 9 },
      cwd: dirname(folder),
      prefix: '',
      portable: true,
      onWriteEntry(entry) {
        entry.path = entry.path.replace(basename(folder), prefix)
      },
    },
    [basename(folder)],
  )
  return path
}

/**
 * @param {string} path
 * @returns {Promise<string>} `96.4 MB`
 */
export async function sizeOf(path) {
  return `${((await stat(path)).size / 1e6).toFixed(1)} MB`
}
