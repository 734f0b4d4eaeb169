import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, openPage, openWire } from './browser-session.js'
import { openRaw, upgradeLines } from './raw-connection.js'

/* One Ctrl-C ends the web host, whoever holds on to it. */

const entry = fileURLToPath(new URL('../../out/main/tandem.js', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-interrupt-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A host that may open so many files. */
async function startHost(mostFiles: number) {
  const command = `ulimit -n ${mostFiles} && exec "$0" "$@"`
  const parameters = [process.execPath, entry, 'serve', '--no-open', '--no-run', '--port', '0']
  const child = spawn('sh', ['-c', command, ...parameters], {
    env: { ...process.env, TANDEM_DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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

describe.skipIf(process.platform === 'win32')('one Ctrl-C ends the web host', { timeout: 90_000 }, () => {
  it('while pages, strangers and half-open wires hold hundreds of connections', async () => {
    const host = await startHost(4_096)
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

  it('while it can open no more files', async () => {
    const host = await startHost(64)
    await Promise.all(Array.from({ length: 150 }, () => openRaw(host.port)))
    host.child.kill('SIGINT')

    expect(await host.exited).toEqual([0, null])
    expect(host.output()).not.toMatch(/^\s+at /m)
  })
})
