import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const source = (path: string) => resolve(import.meta.dirname, 'src', path)

/**
 * Beside Electron's main process lie the programs that are started by path: the command line, the trainer,
 * the sampler, and their worker threads. They run in plain Node and never load Electron.
 */
const nodeEntries = {
  index: source('main/index.ts'),
  tandem: source('headless/index.ts'),
  trainer: source('trainer/index.ts'),
  sampler: source('sampler/index.ts'),
  'engine-check': source('trainer/doctor/index.ts'),
  'data-worker': source('trainer/data/worker.ts'),
  'dp-wasm-worker': source('trainer/strategies/dp-wasm-worker.ts'),
  'watchdog-worker': source('child/watchdog-worker.ts'),
}

/**
 * Packages that become part of these programs. A trainer starts for each measurement: finding, reading and parsing 230
 * files of packages took it a third of a second, and half of what tfjs-node asks for is never used. All else stays
 * outside: it is native, or seldom needed.
 */
const bundledPackages = [
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-node-gpu',
  'commander',
  'picocolors',
  'protobufjs',
  'zod',
]

/** One copy of the core for all; tfjs-node's kernels are classes of ES5, which cannot extend the core's newer ones. */
const tensorflowCore = resolve(import.meta.dirname, 'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js')

/** The browser reaches it for news of changed modules; everything else comes through the shell. */
const developmentServer = { host: '127.0.0.1', port: 6018 }

export default defineConfig(({ command }) => ({
  main: {
    // Reports are drawn with React, whose development half would only make the programs larger.
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    resolve: { alias: [{ find: /^@tensorflow\/tfjs(-core)?$/, replacement: tensorflowCore }] },
    build: {
      target: 'node20',
      externalizeDeps: { exclude: bundledPackages },
      sourcemap: true,
      rolldownOptions: {
        input: nodeEntries,
        // Shared chunks lie beside the entries, so `new URL('./trainer.js', import.meta.url)` holds in both.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared-[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      // A sandboxed preload can neither load ES modules nor packages: one CommonJS file.
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [react()],
    server: {
      ...developmentServer,
      strictPort: true,
      hmr: { host: developmentServer.host, clientPort: developmentServer.port },
      fs: { allow: [import.meta.dirname] },
    },
    // Vite's own script and style elements are let in as the page's are: by the nonce of each answer.
    ...(command === 'serve' && { html: { cspNonce: 'STYLE-NONCE' } }),
    build: {
      target: 'chrome152',
      minify: true,
      // React and recharts are most of it, and it is read from disk.
      chunkSizeWarningLimit: 1_400,
      // Inlined assets would need `data:` in the page's content security policy.
      assetsInlineLimit: 0,
      sourcemap: true,
      rolldownOptions: { input: { index: source('renderer/index.html') } },
    },
  },
}))
