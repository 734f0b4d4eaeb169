// `npm test`: sets the clone up if need be, then runs every check. `npm test -- src/core` narrows the tests.
import { requireNodeVersion } from './bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap, endProcess } = await import('./bootstrap.mjs')
const { runChecks } = await import('./testing/run-checks.mjs')
const { packageForTests, testEnvironment } = await import('./testing/environment.mjs')

await bootstrap({ engine: true })
try {
  const environment = { ...(await testEnvironment()), ...(await packageForTests()) }
  process.exitCode = await runChecks(process.argv.slice(2), environment)
} catch (error) {
  endProcess(error)
}
