import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { mostPages } from '../../src/headless/serve/web-server.js'
import { largestMessageBytes, protocolVersion } from '../../src/shared/contract/wire.js'
import type { Script } from '../../src/shared/script/script.js'
import { configurationOf } from '../../src/shared/script/script-configuration.js'
import { type Attack, ownerComesIn, type Stage } from './attack.js'
import { ask, openPage, openWire } from './browser-session.js'
import { frame, openRaw, upgradeLines } from './raw-connection.js'

const page = 'a page that was let in and turned hostile'

/** By a page that is in: what it may cost the host, and other pages. */
export const attacksOfPages: readonly Attack[] = [
  ...hostileFrames().map(
    ([what, bytes]): Attack => ({
      who: page,
      what: `sends ${what}`,
      holds: 'it is disconnected',
      run: async ({ port, owner }) => {
        const raw = await openRaw(port)
        const headers = { Cookie: owner.cookie, Origin: `http://127.0.0.1:${port}` }
        raw.socket.write(`${upgradeLines(port, headers).join('\r\n')}\r\n\r\n`)
        raw.socket.write(frame(1, Buffer.from(JSON.stringify({ type: 'let-in', secret: owner.secret }))))
        raw.socket.write(bytes)
        await raw.closed()
      },
    }),
  ),
  {
    who: page,
    what: 'says hello again and again, each time for a whole snapshot',
    holds: 'it is disconnected at the second',
    run: async ({ port, owner }) => {
      const wire = await openPage(port, owner)
      wire.say({ type: 'hello', protocol: protocolVersion })
      await wire.closed()
      expect(wire.received.map(({ type }) => type)).toEqual(['snapshot'])
    },
  },
  {
    who: page,
    what: 'calls commands and names runs that do not exist',
    holds: 'each call is refused, and nothing is read or written outside the history',
    run: async ({ port, owner }) => {
      const wire = await openPage(port, owner)
      const runIds = [
        '../../../etc',
        '..',
        '.aside',
        '/etc/passwd',
        'a\0b',
        '20260131-142530-9f3a1c/..',
        '%2e%2e',
      ]
      const withRunId = [
        'openRun',
        'readResults',
        'analyseRun',
        'readReport',
        'describeRun',
        'deleteRun',
        'restoreRun',
      ]
      const calls: [string, unknown][] = [
        ...['__proto__', 'constructor', 'toString', ''].map((name): [string, unknown] => [name, {}]),
        ...withRunId.flatMap((name) => runIds.map((runId): [string, unknown] => [name, { runId }])),
        ['readRecording', { runId: runIds[0], from: 0 }],
        ['exportRun', { runId: runIds[0], format: 'html', paper: 'a4' }],
        ['labelRun', { runId: runIds[0], name: 'x' }],
        ['pinBaseline', { runId: runIds[0] }],
        ['compareRuns', { runIds: [runIds[0], runIds[1]] }],
        ['listRuns', { search: 'x'.repeat(10_000), offset: 0, limit: 1 }],
        ['listRuns', { search: '', offset: -1, limit: 1e9 }],
      ]
      for (const [index, [command, request]] of calls.entries()) {
        const answer = await ask(wire, index, command, request)
        expect(answer.type, `${command} ${JSON.stringify(request)}`).toBe('refusal')
        expect(JSON.stringify(answer)).not.toContain('internal')
      }
      wire.socket.terminate()
    },
  },
  {
    who: page,
    what: 'asks for a command of its own to be measured as a training script',
    holds: 'it is refused, since no script, or another one, was named where the dashboard was started',
    run: async ({ port, owner }) => {
      const wire = await openPage(port, owner)
      const script: Script = {
        ...{ command: ['sh', '-c', 'id'], folder: '/', worlds: [1], launcher: 'command' },
        ...{ isInScratch: false, steps: 1, warmUpSteps: 1, startSeconds: 1 },
        ...{ perDeviceBatch: null, globalBatch: null },
      }
      const configuration = configurationOf(script, { repeats: 1, seed: 0, deviceKind: 'cpu' })
      for (const [index, command] of ['planRun', 'startRun'].entries()) {
        expect(await ask(wire, index, command, { configuration })).toMatchObject({
          type: 'refusal',
          error: { code: 'script-from-page' },
        })
      }
      wire.socket.terminate()
    },
  },
  {
    who: page,
    what: 'makes 3,000 calls that read a whole run, and reads none of the answers',
    holds: 'few are started, most are refused, memory stays bounded, and other pages are answered',
    run: async (stage) => {
      const wire = await openPage(stage.port, stage.owner)
      const example = await exampleRun(stage)
      const before = memoryBytes(stage.pid)
      wire.socket.pause()
      for (let id = 0; id < 3_000; id++)
        wire.say({ type: 'call', id, command: 'openRun', request: { runId: example } })
      await ownerComesIn(stage)
      expect(memoryBytes(stage.pid) - before).toBeLessThan(500 * 2 ** 20)
      wire.socket.resume()
      await expect.poll(() => wire.received.length, { timeout: 60_000 }).toBe(3_001)
      const refused = wire.received.filter(({ type }) => type === 'refusal')
      expect(refused.length).toBeGreaterThan(2_500)
      wire.socket.terminate()
    },
  },
  {
    who: page,
    what: 'makes calls that read a whole run, then leaves; twenty times',
    holds: 'its calls are dropped, and other pages are answered',
    run: async (stage) => {
      const example = await exampleRun(stage)
      for (let time = 0; time < 20; time++) {
        const wire = await openPage(stage.port, stage.owner)
        for (let id = 0; id < 50; id++)
          wire.say({ type: 'call', id, command: 'openRun', request: { runId: example } })
        wire.socket.terminate()
      }
      await ownerComesIn(stage)
    },
  },
  {
    who: page,
    what: `connects after ${mostPages} others`,
    holds: 'it is told why, and gets in once another has closed',
    run: async ({ port, owner }) => {
      const open = await Promise.all(Array.from({ length: mostPages }, () => openPage(port, owner)))
      const first = { type: 'let-in', secret: owner.secret }
      const late = await openWire(port, owner.cookie, first)
      await late.closed()
      expect(late.received).toMatchObject([{ type: 'turned-away', error: { code: 'too-many-pages' } }])

      open[0]?.socket.terminate()
      // The host sees it a moment later.
      await expect
        .poll(async () => {
          const wire = await openPage(port, owner).catch(() => null)
          wire?.socket.terminate()
          return wire !== null
        })
        .toBe(true)
      for (const { socket } of open) socket.terminate()
    },
  },
]

function hostileFrames(): [string, Buffer][] {
  const text = (payload: string): Buffer => frame(1, Buffer.from(payload))
  return [
    ['a frame that is larger than any message', frame(1, Buffer.alloc(16), largestMessageBytes + 1)],
    ['a frame of one exabyte', frame(1, Buffer.alloc(16), 2 ** 60)],
    ['a frame that is not masked', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a frame of an unknown kind', frame(3, Buffer.alloc(1))],
    ['text that is not UTF-8', frame(1, Buffer.from([0xff, 0xfe]))],
    ['text that is not JSON', text('{')],
    ['JSON that is not a message', text('{"type":"shout"}')],
    ['bytes', frame(2, Buffer.alloc(10))],
    ['deeply nested JSON', text('['.repeat(100_000) + ']'.repeat(100_000))],
    ['a message with a prototype', text('{"__proto__":{"type":"hello","protocol":4}}')],
  ]
}

async function exampleRun({ port, owner }: Stage): Promise<string> {
  const wire = await openPage(port, owner)
  const answer = await ask(wire, 1, 'listExamples', {})
  wire.socket.terminate()
  if (answer.type !== 'answer') throw new Error('there is no example')
  const [{ runId } = { runId: '' }] = answer.response as { runId: string }[]
  return runId
}

function memoryBytes(pid: number): number {
  if (process.platform !== 'linux') return 0
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return pages * 4096
}
