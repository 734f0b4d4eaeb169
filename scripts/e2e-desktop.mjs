// `npm run e2e:desktop`: sets the clone up if need be, then runs the tests in Electron itself, and no others.
import { requireNodeVersion } from './bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap, endProcess } = await import('./bootstrap.mjs')
const { runProgram } = await import('./bootstrap/child-process.mjs')
const { root } = await import('./bootstrap/root.mjs')
const { testEnvironment } = await import('./testing/environment.mjs')

await bootstrap({ engine: true })
try {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'e2e/electron', ...process.argv.slice(2)]
  const { code } = await runProgram(process.execPath, vitest, {
    cwd: root,
    env: await testEnvironment(),
    output: 'inherit',
  })
  process.exitCode = code
} catch (error) {
  endProcess(error)
}
