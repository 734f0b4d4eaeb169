import { cp, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const clone = fileURLToPath(new URL('../../..', import.meta.url))
const source = (/** @type {string} */ path) => join(clone, 'src', path)

/** The programs, as `electron.vite.config.ts` names them. */
const programs = {
  index: source('main/index.ts'),
  tandem: source('headless/index.ts'),
  trainer: source('trainer/index.ts'),
  sampler: source('sampler/index.ts'),
  'data-worker': source('trainer/data/worker.ts'),
  'dp-wasm-worker': source('trainer/strategies/dp-wasm-worker.ts'),
  'watchdog-worker': source('child/watchdog-worker.ts'),
}

/** Packages with files of their own beside their code, which stay packages. */
const packages = /^(koffi|@tensorflow\/|playwright-core)/

/**
 * Builds the desktop app from this clone's sources for Electron 22, in `app`: CommonJS for Node 16, the page for
 * Chromium 108, with what both lack. Its packages are still to be put beside it, as `node_modules`.
 *
 * @param {string} app
 */
export async function buildApp(app) {
  const { NODE_ENV } = process.env
  // Vitest's own would bring React's development half.
  process.env.NODE_ENV = 'production'
  try {
    await buildAll(app)
  } finally {
    process.env.NODE_ENV = NODE_ENV
  }
}

/** @param {string} app */
async function buildAll(app) {
  const out = join(app, 'out')
  await build(nodeBuild({ polyfills: join(here, 'polyfills.cjs') }, join(out, 'main'), ['electron']))
  await build({
    ...nodeBuild(programs, join(out, 'main'), [packages], (isEntry) =>
      isEntry ? "require('./polyfills.js');" : '',
    ),
    plugins: [electronWithHandle, noTopLevelAwait, noSetsInPatterns],
  })
  await build(nodeBuild({ index: source('preload/index.ts') }, join(out, 'preload'), ['electron']))
  await build({
    ...common,
    root: source('renderer'),
    plugins: [react(), polyfillPage],
    build: {
      target: 'chrome108',
      cssTarget: 'chrome108',
      outDir: join(out, 'renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
    },
  })
  await cp(join(clone, 'resources'), join(app, 'resources'), { recursive: true })
  const { name, productName, version } = createRequire(import.meta.url)(join(clone, 'package.json'))
  await mkdir(app, { recursive: true })
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ name, productName, version, main: 'out/main/index.js' }),
  )
}

/** @type {import('vite').InlineConfig} */
const common = { configFile: false, logLevel: 'warn', base: './', mode: 'production' }

/**
 * @param {Record<string, string>} input
 * @param {string} outDir
 * @param {(string | RegExp)[]} external
 * @param {(isEntry: boolean) => string} [banner]
 * @returns {import('vite').InlineConfig}
 */
function nodeBuild(input, outDir, external, banner = () => '') {
  // The app's package.json has no type, so what programs are started by is CommonJS under its usual name.
  const extension = outDir.endsWith('preload') ? 'cjs' : 'js'
  return {
    ...common,
    root: clone,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node16',
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input,
        external,
        output: {
          format: 'cjs',
          banner: ({ isEntry }) => banner(isEntry),
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `shared-[name]-[hash].${extension}`,
        },
      },
    },
  }
}

const handleShim = join(here, 'electron.cjs')

/** @type {import('vite').Plugin} */
const electronWithHandle = {
  name: 'electron-with-handle',
  enforce: 'pre',
  resolveId(id, importer) {
    if (id !== 'electron') return null
    return importer?.startsWith(handleShim) ? { id, external: true } : handleShim
  },
}

/** CommonJS has none: the rest of the modules that have it becomes a function. @type {import('vite').Plugin} */
const noTopLevelAwait = {
  name: 'no-top-level-await',
  enforce: 'pre',
  transform(code, id) {
    if (id !== programs.tandem && id !== programs['dp-wasm-worker']) return null
    const endOfImports = code.indexOf('\n', code.lastIndexOf('\nimport ') + 1)
    return `${code.slice(0, endOfImports)}\nvoid (async () => {${code.slice(endOfImports)}})()\n`
  },
}

/** Node 16 does not know the flag `v`; in the patterns that have it, `u` does for all but rare emoji. @type {import('vite').Plugin} */
const noSetsInPatterns = {
  name: 'no-sets-in-patterns',
  renderChunk: (code) =>
    code.replaceAll(/new RegExp\("((?:[^"\\]|\\.)*)", "v"/g, (_, pattern) => {
      return `new RegExp("${pattern.replaceAll('RGI_Emoji', 'Extended_Pictographic')}", "u"`
    }),
}

/** @type {import('vite').Plugin} */
const polyfillPage = {
  name: 'polyfill-page',
  transform(code, id) {
    if (id !== source('renderer/main.tsx')) return null
    const polyfills = createRequire(import.meta.url).resolve('core-js/actual')
    return `import ${JSON.stringify(polyfills)}\n${code}`
  },
}
