// `npm run storm -- --minutes 20 --seed 7`: kills Tandem and its processes at random for as long as it is told, and
// checks what must hold (e2e/faults/storm.test.ts).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { requireNodeVersion } from './bootstrap/node-version.mjs'
import { root } from './bootstrap/root.mjs'

requireNodeVersion()
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})
if (!(Number(values.minutes) > 0) || !Number.isInteger(Number(values.seed))) {
  console.error('storm: --minutes takes a number above 0, --seed a whole number')
  process.exit(2)
}
const { bootstrap } = await import('./bootstrap.mjs')
await bootstrap({ engine: false })

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const child = spawn(
  process.execPath,
  [vitest, 'run', 'e2e/faults/storm.test.ts', '--disable-console-intercept'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, STORM_MINUTES: values.minutes, STORM_SEED: values.seed },
  },
)
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
