import { describe, expect, it } from 'vitest'
import type { ClockExchange } from '../../shared/machine/clock-offset.js'
import type { LineWire } from './line-wire.js'
import { Session } from './session.js'

/** A wire whose lines the other end hears at once. */
function wireTo(hear: (value: unknown) => void): LineWire {
  return {
    address: '',
    sendLine: (line) => hear(JSON.parse(line)),
    trust() {},
    end() {},
    close() {},
  }
}

describe('the clock of the other end of a session', () => {
  it('is asked for and answered at once, beside the numbered messages', () => {
    const heard: ClockExchange[] = []
    const broken: string[] = []
    const bodies: unknown[] = []
    const agent = new Session({ onBody: (body) => bodies.push(body), onBroken: (why) => broken.push(why) })
    const host = new Session({
      onBody() {},
      onBroken: (why) => broken.push(why),
      onClock: (exchange) => heard.push(exchange),
    })
    agent.attach(
      wireTo((value) => host.hear(value)),
      0,
    )
    host.attach(
      wireTo((value) => agent.hear(value)),
      0,
    )
    host.send('first')
    host.askClock()
    host.send('second')

    expect(bodies).toEqual(['first', 'second'])
    expect(broken).toEqual([])
    const [exchange] = heard
    if (exchange === undefined) throw new Error('no answer')
    const { askedAtMs, receivedAtMs, answeredAtMs, heardAtMs } = exchange
    // One process, one clock.
    expect([askedAtMs, receivedAtMs, answeredAtMs, heardAtMs]).toEqual(
      [askedAtMs, receivedAtMs, answeredAtMs, heardAtMs].sort((a, b) => a - b),
    )
    expect(askedAtMs).toBeGreaterThan(1e12)
  })

  it('is not asked for without a wire, and a stamp that is no moment breaks the session', () => {
    const broken: string[] = []
    const session = new Session({ onBody() {}, onBroken: (why) => broken.push(why) })
    session.askClock()
    expect(broken).toEqual([])
    session.hear({ type: 'clock-answer', askedAtMs: 0, receivedAtMs: 1e300, answeredAtMs: 0 })
    expect(broken).toHaveLength(1)
  })
})
