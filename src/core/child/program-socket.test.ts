import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../e2e/eventually.js'
import { carrierVersion, socketVariable, tokenVariable } from '../../shared/child/socket-carrier.js'
import { openProgramSocket, type ProgramSocket } from './program-socket.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

interface Host {
  socket: ProgramSocket
  /** What was heard, in order. */
  heard: string[]
}

/** Expects rank 0, once. */
function openHost(): Host {
  const heard: string[] = []
  let isTaken = false
  const socket = openProgramSocket(({ hello }) => {
    if (isTaken || hello.rank !== 0) return null
    isTaken = true
    return {
      onMessage: (message) => heard.push(`message ${JSON.stringify(message)}`),
      onProblem: (problem) => heard.push(`problem ${problem}`),
      onClose: () => heard.push('closed'),
    }
  })
  closing.push(() => socket.close())
  return { socket, heard }
}

async function connectTo({ socket }: Host): Promise<Socket> {
  const connection = connect(socket.environment[socketVariable] as string)
  connection.on('error', () => {}).resume()
  closing.push(() => connection.destroy())
  await once(connection, 'connect')
  return connection
}

/** An error before it is no failure: that is how others hang up. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

function helloTo({ socket }: Host, changes: Record<string, unknown> = {}): string {
  const token = socket.environment[tokenVariable]
  return `${JSON.stringify({ type: 'hello', version: carrierVersion, token, pid: 1, rank: 0, ...changes })}\n`
}

const ready = `${JSON.stringify({ type: 'ready' })}\n`

describe('the socket of a trainer', () => {
  it.each([
    ['shows another token', { token: '0'.repeat(64) }],
    ['shows no token', { token: '' }],
    ['says a rank that is not expected', { rank: 1 }],
    ['speaks another version', { version: carrierVersion + 1 }],
    ['says something else first', { type: 'ready' }],
  ])('hears nothing of a program that %s, and still lets its own in', async (_what, changes) => {
    const host = openHost()
    const stranger = await connectTo(host)
    stranger.write(helloTo(host, changes) + ready)
    await closed(stranger)
    expect(host.heard).toEqual([])

    const own = await connectTo(host)
    own.write(helloTo(host) + ready)
    await eventually('its own is heard', 10_000, () => host.heard.length > 0)
    expect(host.heard).toEqual(['message {"type":"ready"}'])
  })

  it('lets a rank in once: who has learnt the token comes too late', async () => {
    const host = openHost()
    const own = await connectTo(host)
    own.write(helloTo(host))
    own.write(ready)
    await eventually('its own is heard', 10_000, () => host.heard.length > 0)
    const second = await connectTo(host)
    second.write(helloTo(host) + ready)
    await closed(second)
    expect(host.heard).toEqual(['message {"type":"ready"}'])
  })

  it.each([
    ['what is no JSON', 'rubbish\n', /^problem sent a line that is not JSON: "rubbish"/],
    ['a line without an end', 'x'.repeat(2 ** 20 + 1), /^problem sent a line longer than 1/],
    ['too much in a second', ready.repeat(10_001), /^problem sent more than 10000 messages/],
  ])('hears no more of its own program after %s', async (_what, text, problem) => {
    const host = openHost()
    const own = await connectTo(host)
    own.write(helloTo(host))
    own.write(text)
    await closed(own)
    await eventually('it is told', 10_000, () => host.heard.at(-1) === 'closed')
    expect(host.heard.at(-2)).toMatch(problem)
  })
})
