// @ts-nocheck: its packages are installed only where installers are made.
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../bootstrap/root.mjs'

/**
 * Puts together what of a clone ships: the built programs and the page, the sample, and of the packages those files that
 * the programs can reach, with their licences. Of 760 MB of packages about 23 MB are left.
 *
 * @param {object} parts
 * @param {string} parts.out the folder of the built programs, within the clone, from which they find their packages
 * @param {string} parts.app where it goes; replaced
 * @param {Record<string, string>} [parts.manifest] what its package.json says otherwise
 */
export async function stageApp({ out, app, manifest = {} }) {
  await rm(app, { recursive: true, force: true })
  await mkdir(app, { recursive: true })
  await cp(out, join(app, 'out'), { recursive: true, filter: (path) => !path.endsWith('.map') })
  await cp(join(root, 'resources'), join(app, 'resources'), { recursive: true })
  await copyPackages(out, app)
  for (const name of ['LICENSE', 'NOTICE']) await copyFile(join(root, name), join(app, name))
  const { name, productName, version, description, license, type, main } = await readManifest(root)
  // By this name a Wayland compositor knows whose window it is, and so finds the icon.
  const desktopName = `${name}.desktop`
  const shipped = { name, productName, version, description, license, type, main, desktopName, ...manifest }
  await writeFile(
    join(app, 'package.json'),
    `${JSON.stringify({ ...shipped, author: 'The Tandem authors' }, null, 2)}\n`,
  )
}

/** Read by path at run time, which no trace of imports shows. */
const wholePackages = ['koffi', '@koromix/*', '@tensorflow/tfjs-backend-wasm', 'playwright-core', 'open']

/** In those: sources of C, documentation, source maps, other platforms, a viewer of traces. */
const leftOut =
  /\.(map|md|d\.ts|ts|cc|hh|h|inc|S|asm|c|txt\.in)$|\/(vendor|doc|docs|vite|wasm-out\/test|musl_[^/]+)\/|\.min\.js$|fesm|es2017/

/** Never at run time: Electron is there by itself, and the others develop the page. */
const notShipped = ['electron', '@electron/**', '@electron-internal/**', 'vite']

/**
 * @param {string} out
 * @param {string} app
 */
async function copyPackages(out, app) {
  const { nodeFileTrace } = await import('@vercel/nft')
  const programs = (await readdir(join(out, 'main'))).filter((name) => name.endsWith('.js'))
  const { fileList } = await nodeFileTrace(
    programs.map((name) => join(out, 'main', name)),
    {
      base: root,
      ignore: notShipped.map((name) => `node_modules/${name}/**`),
      // Imports alone: what is read by path is named above, and a path to the clone would bring all of it.
      analysis: { emitGlobs: false, computeFileReferences: false, evaluatePureExpressions: false },
    },
  )
  const reached = [...fileList].filter((path) => path.startsWith('node_modules/'))
  const whole = (await Promise.all(wholePackages.map(filesOf))).flat()
  for (const path of new Set([
    ...reached,
    ...whole,
    ...(await licencesOf([...reached, ...(await bundledPackages())])),
  ])) {
    await mkdir(dirname(join(app, path)), { recursive: true })
    await copyFile(join(root, path), join(app, path))
  }
}

/**
 * @param {string} name of a package, or of all in a scope
 * @returns {Promise<string[]>} paths within the clone
 */
async function filesOf(name) {
  const folder = join('node_modules', name.replace(/\/\*$/, ''))
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((path) => !leftOut.test(path) || /LICENSE/i.test(path))
}

/** What of the page's packages is within its files, and so needs its licence beside them. */
const inPage =
  /^node_modules\/(@mantine|@tabler|@fontsource|@floating-ui|@radix-ui|d3-[^/]+|react[^/]*|scheduler|recharts|uplot|wouter|zustand|cmdk|es-toolkit|get-nonce)(\/|$)/

/** Packages whose code may be within the built programs or the page. */
async function bundledPackages() {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== '' && ((!dev && !optional) || inPage.test(path)))
    .map(([path]) => `${path}/package.json`)
}

/**
 * @param {string[]} files of packages
 * @returns {Promise<string[]>} the licences and notices that lie beside their manifests
 */
async function licencesOf(files) {
  const folders = new Set(files.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? ''))
  const found = await Promise.all(
    [...folders].map(async (folder) =>
      (await readdir(join(root, folder)).catch(() => []))
        .filter((name) => /^(licen[cs]e|notice|copying|third)/i.test(name) || name === 'package.json')
        .map((name) => join(folder, name)),
    ),
  )
  return found.flat()
}

/** @param {string} folder */
async function readManifest(folder) {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}
