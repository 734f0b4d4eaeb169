// @ts-nocheck: its packages are installed only where installers are made.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * What of the app lies outside its archive: programs that are started by path and all that they load, since Node's
 * worker threads, native libraries and WebAssembly read plain files. In the archive are Electron's main, preload, page.
 */
const unpacked = ['package.json', 'out/main/**', 'node_modules/**', 'resources/**']

/**
 * Electron's switches that are burnt into its program. `tandem` in a terminal is the same program run as Node, so that
 * one stays; a debugger and preloaded modules have no business in what is measured.
 */
const fuses = {
  runAsNode: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  enableCookieEncryption: false,
  loadBrowserProcessSpecificV8Snapshot: false,
  resetAdHocDarwinSignature: true,
}

/** @param {string} electronVersion */
function fusesOf(electronVersion) {
  const hasFileFuse = Number(electronVersion.split('.')[0]) >= 29
  return { ...fuses, ...(hasFileFuse && { grantFileProtocolExtraPrivileges: false }) }
}

/**
 * electron-builder's configuration for all platforms. `dir` on Linux is built here; the other targets need their own
 * systems or downloads, and are built by the hosted workflow alone.
 *
 * @param {{ electronVersion: string, electronDist?: string }} electron
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfig({ electronVersion, electronDist }) {
  return {
    appId: 'dev.tandem.app',
    productName: 'Tandem',
    copyright: 'Copyright the Tandem authors',
    electronVersion,
    ...(electronDist !== undefined && { electronDist }),
    // Electron's own, for starting apps by their folder.
    afterPack: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    // What is staged is what ships: its packages are files like all others.
    files: ['**/*', { from: 'node_modules', to: 'node_modules', filter: ['**/*'] }],
    npmRebuild: false,
    asar: true,
    asarUnpack: unpacked,
    electronFuses: fusesOf(electronVersion),
    publish: null,
    artifactName: `\${name}-\${version}-\${os}-\${arch}.\${ext}`,
    fileAssociations: [
      {
        ext: 'tandem',
        name: 'Tandem run',
        description: 'A recorded benchmark',
        mimeType: 'application/x-tandem',
      },
    ],
    protocols: [{ name: 'Tandem', schemes: ['tandem'] }],
    linux: {
      executableName: 'tandem-desktop',
      category: 'Development',
      icon: join(here, 'icons'),
      extraFiles: [{ from: join(here, 'linux', 'tandem'), to: 'tandem' }],
    },
    mac: {
      category: 'public.app-category.developer-tools',
      icon: join(here, 'icons', '1024x1024.png'),
      hardenedRuntime: true,
      entitlements: join(here, 'mac', 'entitlements.plist'),
      entitlementsInherit: join(here, 'mac', 'entitlements.inherit.plist'),
      extraFiles: [{ from: join(here, 'mac', 'tandem'), to: 'Resources/tandem' }],
      target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    },
    win: {
      icon: join(here, 'icons', '256x256.png'),
      extraFiles: [{ from: join(here, 'windows', 'tandem.cmd'), to: 'tandem.cmd' }],
      target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
    },
    nsis: { oneClick: false, perMachine: false, deleteAppDataOnUninstall: false },
  }
}
