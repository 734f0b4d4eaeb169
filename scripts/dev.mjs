// `npm run dev`: Tandem from its sources. A change of the page shows at once; one of the programs behind it builds and
// starts them again. Opens the desktop app where Electron's binary is there, else (or with `--web`) the dashboard in a browser.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireNodeVersion } from './bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap } = await import('./bootstrap.mjs')
const { Interrupted, runProgram } = await import('./bootstrap/child-process.mjs')
const { say } = await import('./bootstrap/progress.mjs')
const { root } = await import('./bootstrap/root.mjs')

/** A folder of its own: `out` stays what `npm start` made, whole and of one source. */
const outDirectory = join(root, 'out.dev')

await bootstrap({ engine: false })
const wantsWeb = process.argv.includes('--web')
const isDesktop = !wantsWeb && hasElectron() && (process.platform !== 'linux' || hasDisplay())
say(isDesktop ? 'developing in the desktop app' : 'developing in the browser')
process.exitCode = await develop(
  isDesktop ? [] : ['serve', '--no-run', ...process.argv.slice(2).filter(isForServe)],
)

/** @param {string[]} serve the command line's arguments; none for the desktop app */
async function develop(serve) {
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const main = join(outDirectory, 'main', serve.length > 0 ? 'tandem.js' : 'index.js')
  const args = ['dev', '--watch', '--outDir', outDirectory, '--entry', main, '--clearScreen', 'false']
  // What it starts with the entry: Electron, or Node in its place.
  const program = serve.length > 0 ? { ELECTRON_EXEC_PATH: process.execPath } : {}
  try {
    const { code } = await runProgram(process.execPath, [electronVite, ...args, '--', ...serve], {
      cwd: root,
      output: 'inherit',
      env: { ...process.env, ...program },
    })
    return code ?? 1
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    throw error
  }
}

/** @param {string} argument */
function isForServe(argument) {
  return argument !== '--web'
}

function hasDisplay() {
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function hasElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const note = join(folder, 'path.txt')
  return existsSync(note) && existsSync(join(folder, 'dist', readFileSync(note, 'utf8')))
}
