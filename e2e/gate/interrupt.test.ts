import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, openPage, openWire } from './browser-session.js'
import { openRaw, upgradeLines } from './raw-connection.js'

/* One Ctrl-C ends the web host, whoever holds on to it. */

const entry = fileURLToPath(new URL('../../out/main/tandem.js', import.meta.url))

let folder: string
const started: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-interrupt-'))
})
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function startHost() {
  const child = spawn(process.execPath, [entry, 'serve', '--no-open', '--no-run', '--port', '0'], {
    env: { ...process.env, TANDEM_DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const exited = once(child, 'exit')
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  while (!/Dashboard: \S+/.test(text)) {
    await Promise.race([
      once(child.stdout, 'data'),
      exited.then(() => {
        throw new Error(`ended: ${text}`)
      }),
    ])
  }
  const url = /Dashboard: (\S+)/.exec(text)?.[1] as string
  return { url, port: Number(new URL(url).port), child, exited, output: () => text }
}

/** From now on it may open these few more, by util-linux; false where that is not there. */
function limitFiles(pid: number, more: number): boolean {
  const open = readdirSync(`/proc/${pid}/fd`).map(Number)
  const most = Math.max(...open) + 1 + more
  return spawnSync('prlimit', ['--pid', String(pid), `--nofile=${most}:`]).status === 0
}

describe.skipIf(process.platform !== 'linux')('one Ctrl-C ends the web host', { timeout: 90_000 }, () => {
  it('while pages, strangers and half-open wires hold hundreds of connections', async () => {
    const host = await startHost()
    const session = await logIn(host.url)
    await Promise.all(Array.from({ length: 20 }, () => openPage(host.port, session)))
    await Promise.all(Array.from({ length: 20 }, () => openWire(host.port, session.cookie, undefined)))
    const held = await Promise.all(Array.from({ length: 300 }, () => openRaw(host.port)))
    for (const { socket } of held.slice(0, 150)) {
      socket.write(`${upgradeLines(host.port, {}).join('\r\n')}\r\n\r\n`)
    }
    host.child.kill('SIGINT')

    expect(await host.exited).toEqual([0, null])
  })

  it('while it can open no more files', async (context) => {
    const host = await startHost()
    const session = await logIn(host.url)
    await openPage(host.port, session)
    if (!limitFiles(host.child.pid as number, 10)) context.skip('there is no prlimit')
    await Promise.all(Array.from({ length: 100 }, () => openRaw(host.port)))
    host.child.kill('SIGINT')

    expect(await host.exited).toEqual([0, null])
    expect(host.output()).not.toMatch(/^\s+at /m)
  })
})
