import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  byThisClock,
  type ClockExchange,
  delayMs,
  estimateClock,
  type KeptExchanges,
  keepExchange,
  noExchanges,
} from './clock-offset.js'

interface OtherClock {
  offsetMs: number
  driftPpm: number
}

const beganAtMs = 1_790_000_000_000

/** What the other clock says at a moment of this one. */
function otherMs({ offsetMs, driftPpm }: OtherClock, nowMs: number): number {
  return nowMs + offsetMs + ((nowMs - beganAtMs) * driftPpm) / 1e6
}

interface Ways {
  thereMs: number
  workMs: number
  backMs: number
}

function exchangeAt(clock: OtherClock, nowMs: number, { thereMs, workMs, backMs }: Ways): ClockExchange {
  return {
    askedAtMs: nowMs,
    receivedAtMs: otherMs(clock, nowMs + thereMs),
    answeredAtMs: otherMs(clock, nowMs + thereMs + workMs),
    heardAtMs: nowMs + thereMs + workMs + backMs,
  }
}

function estimateOf(clock: OtherClock, ways: readonly Ways[], everyMs: number) {
  const exchanges = ways.map((way, index) => exchangeAt(clock, beganAtMs + index * everyMs, way))
  const kept = exchanges.reduce(keepExchange, noExchanges)
  return { exchanges, estimate: estimateClock(kept.kept) }
}

const clockArbitrary = fc.record({
  offsetMs: fc.double({ min: -1e7, max: 1e7, noNaN: true }),
  driftPpm: fc.double({ min: -400, max: 400, noNaN: true }),
})
const wayArbitrary = fc.record({
  thereMs: fc.double({ min: 0.01, max: 300, noNaN: true }),
  workMs: fc.double({ min: 0, max: 5, noNaN: true }),
  backMs: fc.double({ min: 0.01, max: 300, noNaN: true }),
})

describe('the clock of another machine', () => {
  it('is within what is said of it, whatever the delays of the two ways', () => {
    fc.assert(
      fc.property(
        clockArbitrary,
        fc.array(wayArbitrary, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        (clock, ways, laterMs) => {
          const { estimate } = estimateOf(clock, ways, 1_000)
          if (estimate === null) throw new Error('no estimate')
          const nowMs = beganAtMs + laterMs
          const offset = estimate.offsetMsAt(nowMs)
          const truth = otherMs(clock, nowMs) - nowMs
          expect(Math.abs(offset.value - truth)).toBeLessThanOrEqual(offset.uncertainty)
          expect(Math.abs(estimate.driftPpm.value - clock.driftPpm)).toBeLessThanOrEqual(
            estimate.driftPpm.uncertainty,
          )
          const read = byThisClock(estimate, otherMs(clock, nowMs))
          expect(Math.abs(read.value - nowMs)).toBeLessThanOrEqual(read.uncertainty + 0.002)
        },
      ),
    )
  })

  it('that is 2.5 s ahead and 100 ppm fast is found so, over a network with bursts on one way', () => {
    const ways = Array.from({ length: 120 }, (_, index) => ({
      thereMs: 0.1 + (index % 7 === 0 ? 0 : 20 + (index % 5)),
      workMs: 0.2,
      backMs: 0.15,
    }))
    const { estimate } = estimateOf({ offsetMs: 2_500, driftPpm: 100 }, ways, 1_000)
    const offset = estimate?.offsetMsAt(beganAtMs)

    expect(offset?.value).toBeCloseTo(2_500, 0)
    expect(offset?.uncertainty).toBeLessThan(0.2)
    expect(estimate?.driftPpm.value).toBeCloseTo(100, -1)
    expect(estimate?.driftPpm.uncertainty).toBeLessThan(4)
  })

  it('is known best where an exchange took the least time', () => {
    const slow = { thereMs: 90, workMs: 1, backMs: 10 }
    const { estimate, exchanges } = estimateOf(
      { offsetMs: -40, driftPpm: 0 },
      [slow, { thereMs: 0.2, workMs: 1, backMs: 0.2 }, slow],
      10_000,
    )
    const best = exchanges[1] as ClockExchange
    expect(delayMs(best)).toBeCloseTo(0.4, 3)
    expect(estimate?.offsetMsAt(best.heardAtMs).uncertainty).toBeLessThan(0.21)
  })

  it('is known less and less well, the longer nothing is heard of it', () => {
    const { estimate } = estimateOf({ offsetMs: 1, driftPpm: 20 }, [{ thereMs: 1, workMs: 0, backMs: 1 }], 1)
    expect(estimate?.offsetMsAt(beganAtMs).uncertainty).toBeLessThan(1.01)
    expect(estimate?.offsetMsAt(beganAtMs + 60_000).uncertainty).toBeGreaterThan(30)
  })

  it('that has jumped is taken as the nearest exchange has it, with no drift that nobody saw', () => {
    const way = { thereMs: 0.1, workMs: 0, backMs: 0.1 }
    const before = exchangeAt({ offsetMs: 0, driftPpm: 0 }, beganAtMs, way)
    const after = exchangeAt({ offsetMs: 5_000, driftPpm: 0 }, beganAtMs + 10_000, way)
    const estimate = estimateClock([before, after])
    expect(estimate?.driftPpm).toEqual({ value: 0, uncertainty: 500 })
    expect(estimate?.offsetMsAt(beganAtMs).value).toBeCloseTo(0, 1)
    expect(estimate?.offsetMsAt(beganAtMs + 10_000).value).toBeCloseTo(5_000, 1)
  })

  it('is not known without an exchange, nor from stamps that nothing could have made', () => {
    expect(estimateClock([])).toBeNull()
    const impossible = { askedAtMs: 0, receivedAtMs: 0, answeredAtMs: 900, heardAtMs: 1 }
    expect(estimateClock([impossible])).toBeNull()
  })

  it('keeps no more than so many exchanges of a long run, and the best of each stretch', () => {
    const clock = { offsetMs: 3, driftPpm: 7 }
    let kept: KeptExchanges = noExchanges
    for (let second = 0; second < 5_000; second += 1) {
      const thereMs = second === 1_234 ? 0.01 : 1 + (second % 3)
      kept = keepExchange(
        kept,
        exchangeAt(clock, beganAtMs + second * 1_000, { thereMs, workMs: 0, backMs: 0.01 }),
      )
      expect(kept.kept.length).toBeLessThanOrEqual(64)
    }
    expect(kept.kept.length).toBeGreaterThan(30)
    expect(Math.min(...kept.kept.map(delayMs))).toBeCloseTo(0.02, 2)
    expect(estimateClock(kept.kept)?.driftPpm.uncertainty).toBeLessThan(1)
  })
})
