import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRunning } from './process-state.js'
import { type BuiltEntry, buildForNode } from './test-support/build-entry.js'
import { nodeBinaries } from './test-support/node-binaries.js'

let bound: BuiltEntry

beforeAll(async () => {
  bound = await buildForNode('child/test-support/bound-process.ts', 'child/watchdog-worker.ts')
})
afterAll(() => bound.dispose())

/** Starts its arguments as a child, says who its host is, and does nothing more. */
const host = `
  const [host, command, ...args] = process.argv.slice(1)
  const env = { ...process.env, TANDEM_HOST_PID: host === 'itself' ? String(process.pid) : host }
  require('node:child_process').spawn(command, args, { stdio: 'inherit', env, detached: true })
`

async function start(node: string, hostPid: string): Promise<{ parent: ChildProcess; childPid: number }> {
  const parent = spawn(process.execPath, ['-e', host, hostPid, node, bound.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (parent.stdout === null) throw new Error('the host has no output')
  const [line] = await once(parent.stdout, 'data')
  return { parent, childPid: Number(line) }
}

async function expectEnd(pid: number): Promise<void> {
  try {
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 20 })
  } finally {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  }
}

describe.each(nodeBinaries)('a child program under $name', ({ path }) => {
  const node = path ?? ''
  const isMissing = path === null || process.platform === 'win32'

  it.skipIf(isMissing)('ends with its host, also when it never looks at anything', async () => {
    const { parent, childPid } = await start(node, 'itself')
    parent.kill('SIGKILL')
    await expectEnd(childPid)
  })

  it.skipIf(isMissing || process.platform !== 'linux')('ends with its host when it is frozen', async () => {
    const { parent, childPid } = await start(node, 'itself')
    process.kill(childPid, 'SIGSTOP')
    parent.kill('SIGKILL')
    await expectEnd(childPid)
  })

  it.skipIf(isMissing)('ends at once when its host is gone before it asks', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'exit')
    const child = spawn(node, [bound.path], { env: { ...process.env, TANDEM_HOST_PID: String(gone.pid) } })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  })

  it.skipIf(isMissing)('is not kept alive by the bond', async () => {
    const child = spawn(node, [bound.path, 'return'], { stdio: ['ignore', 'ignore', 'inherit'] })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
