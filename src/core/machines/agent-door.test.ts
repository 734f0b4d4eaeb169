import { once } from 'node:events'
import { connect as connectPlainly, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../e2e/eventually.js'
import { agentProtocol } from './agent-protocol.js'
import { openRelay } from './test-support/relay.js'
import { openHost, startAgent, type TwoNodes, wish } from './test-support/two-nodes.js'
import { clientOptions } from './tls-psk.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function host(): Promise<TwoNodes> {
  const opened = await openHost()
  closing.push(() => opened.fleet.close(null))
  return opened
}

function plainly({ rendezvous }: TwoNodes): Socket {
  const socket = connectPlainly(rendezvous.endpoint.port, '127.0.0.1')
  // What is not read is never at its end.
  socket.on('error', () => {}).resume()
  closing.push(() => socket.destroy())
  return socket
}

/** An error before it is no failure: that is how others hang up. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** The host still works for whom it is there. */
async function expectStillOpen({ fleet, rendezvous }: TwoNodes): Promise<void> {
  const { stop } = startAgent(rendezvous)
  closing.push(stop)
  expect(await fleet.prepare(wish)).toHaveLength(1)
}

describe('the door for agents, against an outsider', () => {
  it('is closed to ten megabytes of rubbish', async () => {
    const two = await host()
    const socket = plainly(two)
    socket.write(Buffer.alloc(10_000_000, 'rubbish '))
    await closed(socket)
    await expectStillOpen(two)
  })

  it('stays open to agents beside a thousand connections that say nothing', async () => {
    const two = await host()
    const sockets = Array.from({ length: 1_000 }, () => plainly(two))
    await eventually(
      'most were turned out',
      20_000,
      () => sockets.filter(({ destroyed }) => !destroyed).length <= 64,
    )
    await expectStillOpen(two)
  })

  it('lets nobody in by what an agent has said before', async () => {
    const two = await host()
    const relay = await openRelay(two.rendezvous.endpoint.port)
    closing.push(() => relay.close())
    const { stop } = startAgent(two.rendezvous, { port: relay.port })
    await two.fleet.prepare(wish)
    stop()
    await eventually('it has left', 10_000, () => two.fleet.absence(1) !== null)
    const replay = plainly(two)
    replay.write(relay.fromAgents())
    await closed(replay)
    expect(two.fleet.absence(1)).not.toBeNull()
    expect(two.notices.filter((notice) => notice.includes('is here'))).toHaveLength(1)
  })

  it('understands TLS 1.2 with the secret, and no other', async () => {
    const { rendezvous } = await host()
    const { port } = rendezvous.endpoint
    for (const change of [
      { secret: Buffer.alloc(32), options: {} },
      { secret: rendezvous.secret, options: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const },
      { secret: rendezvous.secret, options: { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } },
      {
        secret: rendezvous.secret,
        options: { pskCallback: () => ({ psk: rendezvous.secret, identity: 'other' }) },
      },
    ]) {
      const socket = connect({ port, host: '127.0.0.1', ...clientOptions(change.secret), ...change.options })
      closing.push(() => socket.destroy())
      let wasLetIn = false
      socket
        .once('secureConnect', () => (wasLetIn = true))
        .on('error', () => {})
        .resume()
      await closed(socket)
      expect(wasLetIn).toBe(false)
    }
  })
})

describe('the door for agents, against one who knows the secret', () => {
  const knowing = async ({ rendezvous }: TwoNodes) => {
    const socket = connect({ ...rendezvous.endpoint, ...clientOptions(rendezvous.secret) })
    socket.on('error', () => {}).resume()
    closing.push(() => socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }
  const hello = {
    type: 'hello',
    protocol: agentProtocol,
    tandemVersion: '1.0.0',
    nodes: 2,
    nodeRank: 1,
    hostName: 'two',
    session: 'a'.repeat(32),
    isResumed: false,
    received: 0,
  }

  it.each([
    ['no JSON', 'hello'],
    ['another first line', JSON.stringify({ ...hello, type: 'numbered' })],
    ['a hello that is longer than any', JSON.stringify({ ...hello, hostName: 'x'.repeat(5_000) })],
    ['a session that is no session', JSON.stringify({ ...hello, session: '../..' })],
    ['a resumed session that is none', JSON.stringify({ ...hello, isResumed: true })],
  ])('hangs up on %s', async (_what, line) => {
    const two = await host()
    const socket = await knowing(two)
    socket.write(`${line}\n`)
    await closed(socket)
    await expectStillOpen(two)
  })

  it.each([
    ['what no agent says', { type: 'numbered', number: 1, body: { type: 'message', child: 'all' } }],
    [
      'what a trainer said that it was never told to start',
      { type: 'numbered', number: 1, body: { type: 'message', child: 1, message: { type: 'ready' } } },
    ],
    ['messages of which some are missing', { type: 'numbered', number: 7, body: { type: 'leaving' } }],
    ['that it has what was never sent', { type: 'beat', received: 99 }],
  ])('gives an agent up that says %s', async (_what, line) => {
    const two = await host()
    const socket = await knowing(two)
    socket.write(`${JSON.stringify(hello)}\n${JSON.stringify(line)}\n`)
    await closed(socket)
    expect(two.fleet.absence(1)).toMatchObject({ code: 'node-lost' })
    await expectStillOpen(two)
  })
})
