import { describe, expect, it, vi } from 'vitest'
import type { HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import { protocolVersion } from '../../shared/contract/wire.js'
import { TandemError } from '../../shared/errors.js'
import { groupSteps } from '../../shared/live/live-run.fixture.js'
import { idleControl } from '../../shared/run/run-stage.js'
import { memoryPage } from './memory-wire.fixture.js'
import { Session, type SessionHost, type SessionLimits } from './session.js'

const limits: SessionLimits = {
  batchMs: 1,
  batchesAhead: 2,
  waitingUnits: 100,
  calls: { lightAtOnce: 2, heavyAtOnce: 1, waiting: 10 },
}

function snapshotOf(told: readonly HostEvent[]): HostSnapshot {
  return {
    app: { version: String(told.length), shell: 'web', hostName: 'here' },
    control: idleControl,
    engine: { status: 'searching' },
    machine: null,
    telemetry: { state: 'stopped', gpuSources: [], problems: [] },
    doctor: { status: 'idle' },
    offeredScript: null,
    run: null,
  }
}

function connect(options?: Parameters<typeof memoryPage>[0]) {
  const page = memoryPage(options)
  const told: HostEvent[] = []
  const host: SessionHost = {
    snapshot: () => snapshotOf(told),
    handle: async (command, request) => {
      if (command === 'stopRun') throw new TandemError({ code: 'busy', message: 'no', hint: 'later' })
      return { command, request } as never
    },
  }
  const onEnd = vi.fn()
  const session = new Session(page.wire, host, limits, onEnd)
  const tell = (event: HostEvent): void => {
    told.push(event)
    session.notify(event)
  }
  return { page, session, tell, onEnd }
}

const warning = (text: string): HostEvent => ({
  type: 'live',
  event: { type: 'warning', code: 'other', text },
})

const step = (index: number): HostEvent => ({
  type: 'live',
  event: { type: 'steps', id: 'single', steps: groupSteps(index, index + 1) },
})

const settled = () => new Promise((resolve) => setTimeout(resolve, 30))

describe('a session', () => {
  it('begins with what has come of the events so far, and goes on with those that follow', async () => {
    const { page, tell } = connect()
    tell(warning('before'))
    page.hello()
    tell(warning('after'))
    await settled()

    expect(page.snapshots().map(({ app }) => app.version)).toEqual(['1'])
    expect(page.events()).toEqual([warning('after')])
  })

  it('sends events in batches, in order, with nothing missing', async () => {
    const { page, tell } = connect()
    page.hello()
    const all = Array.from({ length: 50 }, (_, index) => warning(`${index}`))
    for (const event of all) {
      tell(event)
      if (event === all[20]) await settled()
    }
    await settled()

    expect(page.events()).toEqual(all)
    expect(page.received.filter(({ type }) => type === 'batch').length).toBeLessThan(10)
  })

  it('holds steps back until the page draws again, unless something else is to be told', async () => {
    const { page, tell } = connect({ drawingIntervalMs: 3_600_000 })
    page.hello()
    tell(warning('first'))
    await settled()
    tell(step(0))
    tell(step(1))
    await settled()
    expect(page.events()).toEqual([warning('first')])

    tell(warning('second'))
    await settled()
    expect(page.events().slice(1)).toEqual([
      { type: 'live', event: { type: 'steps', id: 'single', steps: groupSteps(0, 2) } },
      warning('second'),
    ])
  })

  it('keeps no more than a bound for a page that does not read, and drops are counted', async () => {
    const { page, tell } = connect({ acknowledges: false })
    page.hello()
    for (let index = 0; index < 10_000; index++) {
      tell(warning(`${index}`))
      if (index % 1000 === 0) await settled()
    }
    const sentWhilePaused = page.events().length
    expect(sentWhilePaused).toBeLessThan(100)

    page.catchUp()
    await settled()
    const resumed = page.received.at(-1)
    expect(resumed).toMatchObject({ type: 'snapshot', dropped: 10_000 - sentWhilePaused })
    expect(page.snapshots().at(-1)?.app.version).toBe('10000')

    tell(warning('afterwards'))
    page.catchUp()
    await settled()
    expect(page.events().at(-1)).toEqual(warning('afterwards'))
  })

  it('answers calls, and refuses with the error as it is', async () => {
    const { page } = connect()

    expect(await page.call('deleteRun', { runId: 'x' })).toMatchObject({
      type: 'answer',
      response: { command: 'deleteRun', request: { runId: 'x' } },
    })
    expect(await page.call('stopRun', {})).toMatchObject({
      type: 'refusal',
      error: { code: 'busy', message: 'no', hint: 'later' },
    })
  })

  it.each([
    ['launchMissiles', {}, { code: 'unknown-command' }],
    ['toString', {}, { code: 'unknown-command' }],
    ['deleteRun', { runId: 7 }, { code: 'invalid-request' }],
    [
      'planRun',
      { configuration: { epochs: 0 } },
      { code: 'invalid-request', setting: { name: expect.any(String) } },
    ],
  ])('refuses %s %j', async (command, request, error) => {
    const { page } = connect()

    expect(await page.call(command, request)).toMatchObject({ type: 'refusal', error })
  })

  it.each([[null], ['hello'], [{ type: 'shout' }], [{ type: 'call', id: -1, command: 'x' }]])(
    'hangs up on what no page of ours says: %j',
    (message) => {
      const { page, onEnd } = connect()
      page.say(message)

      expect(page.isOpen()).toBe(false)
      expect(onEnd).toHaveBeenCalledOnce()
    },
  )

  it('tells a page of another version so, and hangs up', () => {
    const { page } = connect()
    page.say({ type: 'hello', protocol: 0 })

    expect(page.received).toEqual([{ type: 'incompatible', protocol: protocolVersion }])
    expect(page.isOpen()).toBe(false)
  })

  it('hangs up on a page that says hello again: each hello is worth a whole snapshot', () => {
    const { page } = connect()
    page.hello()
    page.hello()

    expect(page.snapshots()).toHaveLength(1)
    expect(page.isOpen()).toBe(false)
  })

  describe('with calls that take long', () => {
    /** A host that answers when the test says so. */
    function slowHost() {
      const page = memoryPage()
      const handled: { command: string; signal: AbortSignal | undefined; finish(): void }[] = []
      const host: SessionHost = {
        snapshot: () => snapshotOf([]),
        handle: (command, _request, signal) =>
          new Promise((resolve) => handled.push({ command, signal, finish: () => resolve(null as never) })),
      }
      const session = new Session(page.wire, host, limits)
      page.hello()
      const say = (id: number, command: string, request: unknown): void =>
        page.say({ type: 'call', id, command, request })
      const refusals = () => page.received.flatMap((message) => (message.type === 'refusal' ? [message] : []))
      return { page, session, handled, say, refusals }
    }

    it('begins few at once, and refuses one that would wait behind too many', async () => {
      const { handled, say, refusals } = slowHost()
      for (let id = 0; id < 30; id++) say(id, 'openRun', { runId: 'x' })
      await settled()

      expect(handled).toHaveLength(limits.calls.heavyAtOnce)
      expect(refusals().map(({ id }) => id)).toEqual(Array.from({ length: 19 }, (_, index) => 11 + index))
      expect(refusals()[0]?.error.code).toBe('too-many-calls')
      handled[0]?.finish()
      await settled()
      expect(handled).toHaveLength(limits.calls.heavyAtOnce + 1)
    })

    it('stops a run however many wait', async () => {
      const { handled, say } = slowHost()
      for (let id = 0; id < 30; id++) say(id, id % 2 === 0 ? 'openRun' : 'listExamples', { runId: 'x' })
      say(30, 'stopRun', {})
      await settled()

      expect(handled.map(({ command }) => command)).toContain('stopRun')
    })

    it('counts a call until its answer has been read', async () => {
      const { page, handled, say } = slowHost()
      let read = (): void => {}
      page.wire.flushed = () =>
        new Promise((resolve) => {
          read = resolve
        })
      say(0, 'openRun', { runId: 'x' })
      say(1, 'openRun', { runId: 'y' })
      await settled()
      handled[0]?.finish()
      await settled()
      expect(handled).toHaveLength(1)

      read()
      await settled()
      expect(handled).toHaveLength(2)
    })

    it('gives up what is under way for a page that has left, and begins nothing more for it', async () => {
      const { session, handled, say } = slowHost()
      for (let id = 0; id < 5; id++) say(id, 'openRun', { runId: 'x' })
      await settled()
      session.close()
      expect(handled[0]?.signal?.aborted).toBe(true)

      handled[0]?.finish()
      await settled()
      expect(handled).toHaveLength(1)
    })
  })

  it('sends nothing after its wire has closed', async () => {
    const { page, session, tell, onEnd } = connect()
    page.hello()
    tell(warning('lost'))
    session.close()
    await settled()

    expect(page.events()).toEqual([])
    expect(onEnd).toHaveBeenCalledOnce()
  })
})
