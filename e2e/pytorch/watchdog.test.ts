import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heartbeat, socketVariable, tokenVariable } from '../../src/shared/child/socket-carrier.js'

const resources = fileURLToPath(new URL('../../resources/pytorch', import.meta.url))
/** A rank without PyTorch, stuck in what it computes; for a host that is silent it waits a second. */
const rank = `
import sys, time
sys.path.insert(0, ${JSON.stringify(resources)})
from tandem_trainer import host
host.HEARTBEAT_LIMIT_SECONDS = 1
host.Host(rank=0)
while True: time.sleep(0.01)
`
const canRun = process.platform !== 'win32' && spawnSync('python3', ['--version']).status === 0

describe.skipIf(!canRun)(
  `PyTorch’s ranks watch their host${canRun ? '' : ' (skipped: no python3 on PATH)'}`,
  () => {
    let folder: string
    let server: Server
    let child: ChildProcess
    let socket: Socket
    let ended: Promise<unknown>

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tandem-watchdog-'))
      const path = join(folder, 'socket')
      server = createServer().listen(path)
      await once(server, 'listening')
      const connection = once(server, 'connection') as Promise<[Socket]>
      child = spawn('python3', ['-B', '-c', rank], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, [socketVariable]: path, [tokenVariable]: 'token' },
      })
      ended = once(child, 'exit')
      ;[socket] = await connection
      socket.on('error', () => {}).resume()
    })
    afterEach(async () => {
      child.kill('SIGKILL')
      socket.destroy()
      server.close()
      await rm(folder, { recursive: true })
    })

    it('and end themselves when it is gone', async () => {
      socket.destroy()
      expect(await ended).toEqual([null, 'SIGKILL'])
    })

    it('and when it has said nothing for too long', async () => {
      expect(await ended).toEqual([null, 'SIGKILL'])
    })

    it('but live as long as its heart beats', async () => {
      for (let beat = 0; beat < 8; beat++) {
        socket.write(`${JSON.stringify(heartbeat)}\n`)
        await delay(250)
      }
      expect(child.exitCode ?? child.signalCode).toBeNull()
    })
  },
)
