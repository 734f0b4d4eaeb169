import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import { protocolVersion, type ToHost, type ToPage } from '../../shared/contract/wire.js'
import { idleControl } from '../../shared/run/run-stage.js'
import { HostClient } from './host-client.js'
import type { PageWire } from './page-wire.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const snapshot: HostSnapshot = {
  app: { version: '0.1.0', shell: 'web', hostName: 'here' },
  control: idleControl,
  engine: { status: 'searching' },
  machine: null,
  telemetry: { state: 'stopped', gpuSources: [], problems: [] },
  doctor: { status: 'idle' },
  offeredScript: null,
  run: null,
}

/** One wire after the other, each with a host that says what the test wants. */
function client() {
  const wires: { sent: ToHost[]; say(message: ToPage): void; drop(): void }[] = []
  const heard: string[] = []
  const events: HostEvent[] = []
  const open = (): PageWire => {
    let toPage: (message: unknown) => void = () => {}
    let onClose: () => void = () => {}
    const sent: ToHost[] = []
    wires.push({ sent, say: (message) => toPage(message), drop: () => onClose() })
    return {
      send: (message) => sent.push(message),
      flushed: () => Promise.resolve(),
      onMessage: (listener) => {
        toPage = listener
      },
      onClose: (listener) => {
        onClose = listener
      },
      close: () => onClose(),
    }
  }
  const created = new HostClient(open, {
    onConnection: ({ status }) => heard.push(status),
    onSnapshot: (_snapshot, dropped) => heard.push(`snapshot, ${dropped} dropped`),
    onEvents: (list) => events.push(...list),
    drawingIntervalMs: () => 250,
  })
  created.connect()
  const wire = () => {
    const last = wires.at(-1)
    if (last === undefined) throw new Error('there is no wire')
    return last
  }
  return { client: created, wires, wire, heard, events }
}

describe('the page’s side of a wire', () => {
  it('says hello, takes the snapshot and the batches, and acknowledges both, saying how often it draws', () => {
    const { wire, heard, events } = client()
    wire().say({ type: 'snapshot', sequence: 3, dropped: 0, snapshot })
    wire().say({ type: 'batch', sequence: 5, events: [{ type: 'history-changed' }] })

    expect(heard).toEqual(['connecting', 'snapshot, 0 dropped', 'open'])
    expect(events).toEqual([{ type: 'history-changed' }])
    expect(wire().sent).toEqual([
      { type: 'hello', protocol: protocolVersion },
      { type: 'acknowledge', sequence: 3, drawingIntervalMs: 250 },
      { type: 'acknowledge', sequence: 5, drawingIntervalMs: 250 },
    ])
  })

  it('connects again after a drop, and starts from the snapshot that comes then', () => {
    const { wire, wires, heard } = client()
    wire().say({ type: 'snapshot', sequence: 1, dropped: 0, snapshot })
    wire().drop()
    vi.advanceTimersByTime(10_000)
    expect(wires).toHaveLength(2)
    wire().say({ type: 'snapshot', sequence: 9, dropped: 4, snapshot })

    expect(heard.slice(3)).toEqual(['lost', 'lost', 'snapshot, 4 dropped', 'open'])
  })

  it('carries calls, whose answers may come in any order', async () => {
    const { client: page, wire } = client()
    wire().say({ type: 'snapshot', sequence: 1, dropped: 0, snapshot })
    const first = page.call('stopRun', {})
    const second = page.call('deleteRun', { runId: 'x' })
    wire().say({ type: 'refusal', id: 1, error: { code: 'run-active', message: 'no', hint: 'later' } })
    wire().say({ type: 'answer', id: 0, response: null })

    expect(await first).toBeNull()
    await expect(second).rejects.toMatchObject({ code: 'run-active', message: 'no', hint: 'later' })
  })

  it('rejects calls whose answer can no longer come', async () => {
    const { client: page, wire } = client()
    await expect(page.call('stopRun', {})).rejects.toMatchObject({ code: 'connection-lost' })
    wire().say({ type: 'snapshot', sequence: 1, dropped: 0, snapshot })
    const waiting = page.call('stopRun', {})
    wire().drop()

    await expect(waiting).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('says why it is turned away, tries again, and goes on once it is let in', () => {
    const { wire, wires, heard } = client()
    const error = { code: 'too-many-pages', message: '64 pages are open', hint: 'Close one.' }
    wire().say({ type: 'turned-away', error })
    wire().drop()
    vi.advanceTimersByTime(10_000)
    expect(wires.length).toBeGreaterThan(1)
    expect(new Set(heard.slice(1))).toEqual(new Set(['turned-away']))

    wire().say({ type: 'snapshot', sequence: 1, dropped: 0, snapshot })
    expect(heard.at(-1)).toBe('open')
    wire().drop()
    expect(heard.at(-1)).toBe('lost')
  })

  it('does not try a host of another version again', () => {
    const { wire, wires, heard } = client()
    wire().say({ type: 'incompatible', protocol: 2 })
    wire().drop()
    vi.advanceTimersByTime(60_000)

    expect(wires).toHaveLength(1)
    expect(heard.at(-1)).toBe('incompatible')
  })
})
