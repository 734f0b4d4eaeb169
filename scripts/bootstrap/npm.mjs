import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runProgram } from './child-process.mjs'

const flags = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * Installs exactly what `package-lock.json` lists into `directory/node_modules`, what builds Tandem too, whatever
 * NODE_ENV or npm's own settings leave out. No install scripts run.
 *
 * @param {string} directory
 * @param {(pid: number) => void} onSpawn told npm's process id
 * @returns {Promise<number>} npm's exit code
 */
export async function npmCi(directory, onSpawn) {
  const { program, leadingArgs, shell } = findNpm()
  const args = [...leadingArgs, 'ci', ...flags]
  const { code } = await runProgram(program, args, { cwd: directory, shell, onSpawn })
  return code
}

/**
 * The npm that started us, else the one that came with this Node, else the one on PATH. The first two are
 * JavaScript files and need no shell, which `npm.cmd` on Windows does.
 */
function findNpm() {
  const nodeFolder = dirname(process.execPath)
  const candidates = [
    process.env.npm_execpath ?? '',
    join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((path) => path.endsWith('npm-cli.js') && existsSync(path))
  if (script !== undefined) return { program: process.execPath, leadingArgs: [script], shell: false }
  return { program: 'npm', leadingArgs: [], shell: process.platform === 'win32' }
}
