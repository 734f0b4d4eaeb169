import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRunning } from './process-state.js'
import { type BuiltEntry, buildForNode } from './test-support/build-entry.js'
import { nodeBinaries } from './test-support/node-binaries.js'

let watched: BuiltEntry

beforeAll(async () => {
  watched = await buildForNode('child/test-support/watched-process.ts', 'child/watchdog-worker.ts')
})
afterAll(() => watched.dispose())

/** Starts its arguments as a child, names the outermost launcher to it, and lives as long as the child. */
const launcher = `
  const [command, ...args] = process.argv.slice(1)
  const env = { WATCHED_PID: String(process.pid), ...process.env }
  require('node:child_process').spawn(command, args, { stdio: 'inherit', env }).on('exit', () => process.exit())
`

/** A launcher and the pid that its (grand)child prints once it sits in the native call. */
async function launch(command: string[]): Promise<{ parent: ChildProcess; childPid: number }> {
  const parent = spawn(process.execPath, ['-e', launcher, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (parent.stdout === null) throw new Error('the launcher has no output')
  const [line] = await once(parent.stdout, 'data')
  return { parent, childPid: Number(line) }
}

async function killAndExpectEnd({ parent, childPid }: { parent: ChildProcess; childPid: number }) {
  try {
    expect(isRunning(childPid)).toBe(true)
    parent.kill('SIGKILL')
    await vi.waitFor(() => expect(isRunning(childPid)).toBe(false), { timeout: 20_000, interval: 50 })
  } finally {
    if (isRunning(childPid)) process.kill(childPid, 'SIGKILL')
  }
}

describe.each(nodeBinaries)('the parent watchdog under $name', ({ path }) => {
  const node = path ?? ''

  it.skipIf(path === null || process.platform === 'win32')(
    'ends a process that sits in a native call when its parent is killed',
    async () => {
      await killAndExpectEnd(await launch([node, watched.path, 'block']))
    },
  )

  it.skipIf(path === null || process.platform !== 'linux')(
    'ends it too when the watched process is not the direct parent, as under a launcher',
    async () => {
      const outer = await launch([process.execPath, '-e', launcher, node, watched.path, 'block'])
      await killAndExpectEnd(outer)
    },
  )

  it.skipIf(path === null)('does not keep a process alive that has nothing more to do', async () => {
    const child = spawn(node, [watched.path, 'return'], {
      stdio: 'inherit',
      env: { ...process.env, WATCHED_PID: String(process.pid) },
    })
    const [exitCode] = await once(child, 'exit')
    expect(exitCode).toBe(0)
  })
})
