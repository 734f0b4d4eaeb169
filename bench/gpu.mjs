// What a machine with an NVIDIA GPU can do, by one script that needs nothing there but Python with PyTorch:
//
//   node bench/gpu.mjs pack [FILE]                            packs it: gpu-check.tar.xz
//   tar -xf gpu-check.tar.xz && gpu-check/run.sh OUTPUT       on that machine, without a network
//   node bench/gpu.mjs run [OUTPUT]                           the same from this clone
//
// docs/measured/README.md says what it does, and what came of it.
import { spawnSync } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { requireNodeVersion } from '../scripts/bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap } = await import('../scripts/bootstrap.mjs')
const { buildPrograms } = await import('./build-programs.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

/** Read by path at run time: native code and WebAssembly, which are part of no bundle. */
const packages = ['koffi', `@koromix/koffi-linux-${process.arch}`, '@tensorflow/tfjs-backend-wasm']
const leftOut = /\.(map|ts|md|cc|c|h|hh|inc|S|asm|py|bzl)$|\/(doc|vendor|wasm-out\/test)\//

/** Nothing that the programs load was left out. */
const trial = `
  import { createRequire } from 'node:module'
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  await import('koffi')
`

const [command = 'run', target] = process.argv.slice(2)
await bootstrap({ engine: false })
const { folder, remove } = await buildPrograms({ 'gpu-check': 'gpu/main.ts' }, { isWhole: true })
try {
  if (command === 'pack') await pack(resolve(target ?? 'gpu-check.tar.xz'))
  else if (command === 'run') await run(resolve(target ?? 'gpu-check-output'))
  else throw new Error(`node bench/gpu.mjs pack|run, not ${command}`)
} finally {
  await remove()
}

/** @param {string} output */
async function run(output) {
  const { main } = await import(pathToFileURL(join(folder, 'gpu-check.mjs')).href)
  const places = { GPU_CHECK_HOME: root, GPU_CHECK_OUTPUT: output, GPU_CHECK_VERSION: version }
  await main({ ...process.env, ...places })
}

/** @param {string} file */
async function pack(file) {
  const place = await mkdtemp(join(tmpdir(), 'tandem-gpu-'))
  const home = join(place, 'gpu-check')
  try {
    await mkdir(home)
    await copyFile(process.execPath, join(home, 'node'))
    // Symbols are for debuggers.
    spawnSync('strip', [join(home, 'node')])
    await cp(join(root, 'out', 'main'), join(home, 'out', 'main'), { recursive: true, filter: isNoMap })
    await cp(join(root, 'resources', 'pytorch'), join(home, 'resources', 'pytorch'), {
      recursive: true,
      filter: (path) => !path.includes('__pycache__'),
    })
    for (const name of packages) {
      const within = join('node_modules', name)
      await cp(join(root, within), join(home, within), { recursive: true, filter: isShipped })
    }
    await cp(folder, home, { recursive: true })
    await copyFile(join(root, 'package.json'), join(home, 'package.json'))
    for (const name of ['LICENSE', 'NOTICE']) await copyFile(join(root, name), join(home, name))
    await copyFile(join(root, 'bench', 'gpu', 'run.sh'), join(home, 'run.sh'))
    execute(join(home, 'node'), ['--input-type=module', '--eval', trial], home)
    execute('tar', ['-C', place, '-c', '-J', '-f', file, 'gpu-check'])
    console.log(`${file}: ${((await stat(file)).size / 2 ** 20).toFixed(1)} MiB`)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** @param {string} path */
function isNoMap(path) {
  return !path.endsWith('.map')
}

/** @param {string} path */
function isShipped(path) {
  return !leftOut.test(path) || /LICENSE/i.test(path)
}

/**
 * @param {string} program
 * @param {string[]} parameters
 * @param {string} [folder]
 */
function execute(program, parameters, folder) {
  // Twice as fast as usual, and a tenth larger.
  const env = { ...process.env, XZ_OPT: '-2 -T0' }
  const { status, error } = spawnSync(program, parameters, { stdio: 'inherit', env, cwd: folder })
  if (status !== 0) throw new Error(`${program} ended with ${error?.message ?? status}`)
}
