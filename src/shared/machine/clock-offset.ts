/*
 * How far another machine's clock is from this one, by the four stamps of NTP (RFC 5905, section 8), as intervals that
 * hold whatever the delays were: a message never arrives before it was sent. So nothing is assumed of the two ways being
 * alike, and the exchange with the least delay wins by itself, as its interval is the narrowest.
 */

/** A question and its answer. In milliseconds, each by the clock of who stamped it. */
export interface ClockExchange {
  /** By this machine, when it asked. */
  askedAtMs: number
  /** By the other, when the question came. */
  receivedAtMs: number
  /** By the other, when it answered. */
  answeredAtMs: number
  /** By this machine, when the answer came. */
  heardAtMs: number
}

/** A value and how far it can be off, either way. */
export interface Bounded {
  value: number
  uncertainty: number
}

/** What another clock is ahead of this one by, as far as its exchanges tell. */
export interface ClockEstimate {
  /** How much faster it runs, in parts per million. */
  driftPpm: Bounded
  /** What it is ahead by at a moment of this clock, in milliseconds; below 0 where it is behind. */
  offsetMsAt(nowMs: number): Bounded
}

/** No crystal of a computer is worse: NTP takes a clock beyond it for broken (RFC 5905, MAXFREQ). */
const mostDrift = 500e-6

/** What rounding leaves of stamps in milliseconds since 1970. */
const roundingMs = 0.001

/** What the offset is surely between, at one moment of this clock. */
interface OffsetInterval {
  atMs: number
  lowMs: number
  highMs: number
}

/**
 * Offset and drift that all exchanges agree on, taking the drift to be steady and below 500 ppm. Where they agree on no
 * steady drift, it is left at that limit, and each exchange speaks for the time around it. Null without an exchange
 * whose answer came after its question.
 */
export function estimateClock(exchanges: readonly ClockExchange[]): ClockEstimate | null {
  const intervals = exchanges
    .map(offsetInterval)
    .filter(({ lowMs, highMs }) => highMs >= lowMs)
    .sort((a, b) => a.atMs - b.atMs)
  const [first, ...others] = intervals
  if (first === undefined) return null
  const [least, most] = driftInterval(intervals)
  return {
    driftPpm: { value: ((least + most) / 2) * 1e6, uncertainty: ((most - least) / 2) * 1e6 },
    offsetMsAt(nowMs) {
      const found = others
        .map((interval) => movedTo(nowMs, interval, least, most))
        .reduce(intersection, movedTo(nowMs, first, least, most))
      return { value: (found.lowMs + found.highMs) / 2, uncertainty: (found.highMs - found.lowMs) / 2 }
    },
  }
}

/** A stamp of the other clock, by this one. */
export function byThisClock({ offsetMsAt }: ClockEstimate, otherMs: number): Bounded {
  // The offset is asked for by this clock's time: each round is nearer to it by the drift, some thousand times.
  let offset = offsetMsAt(otherMs)
  for (let round = 0; round < 3; round += 1) offset = offsetMsAt(otherMs - offset.value)
  return { value: otherMs - offset.value, uncertainty: offset.uncertainty }
}

function offsetInterval({ askedAtMs, receivedAtMs, answeredAtMs, heardAtMs }: ClockExchange): OffsetInterval {
  // The two bounds are of two moments within the exchange, in which the clocks drift on.
  const slackMs = mostDrift * (heardAtMs - askedAtMs) + roundingMs
  return {
    atMs: heardAtMs,
    lowMs: answeredAtMs - heardAtMs - slackMs,
    highMs: receivedAtMs - askedAtMs + slackMs,
  }
}

/** Least and most change of the offset in a millisecond: every two exchanges bound it. */
function driftInterval(intervals: readonly OffsetInterval[]): [least: number, most: number] {
  let least = -mostDrift
  let most = mostDrift
  intervals.forEach((earlier, index) => {
    for (const later of intervals.slice(index + 1)) {
      const betweenMs = later.atMs - earlier.atMs
      if (betweenMs <= 0) continue
      least = Math.max(least, (later.lowMs - earlier.highMs) / betweenMs)
      most = Math.min(most, (later.highMs - earlier.lowMs) / betweenMs)
    }
  })
  return least <= most ? [least, most] : [-mostDrift, mostDrift]
}

function movedTo(
  nowMs: number,
  { atMs, lowMs, highMs }: OffsetInterval,
  least: number,
  most: number,
): OffsetInterval {
  const sinceMs = nowMs - atMs
  const changes = [least * sinceMs, most * sinceMs]
  return { atMs: nowMs, lowMs: lowMs + Math.min(...changes), highMs: highMs + Math.max(...changes) }
}

/** Of two that contradict each other, as after a jump, the narrower one. */
function intersection(one: OffsetInterval, other: OffsetInterval): OffsetInterval {
  const lowMs = Math.max(one.lowMs, other.lowMs)
  const highMs = Math.min(one.highMs, other.highMs)
  if (lowMs <= highMs) return { atMs: one.atMs, lowMs, highMs }
  return one.highMs - one.lowMs <= other.highMs - other.lowMs ? one : other
}

/** The best exchange of each stretch of time: bounded, however long a run is. */
export interface KeptExchanges {
  stretchMs: number
  kept: readonly ClockExchange[]
}

const firstStretchMs = 1_000
const mostKept = 64

export const noExchanges: KeptExchanges = { stretchMs: firstStretchMs, kept: [] }

/** With one exchange more. Of those in a stretch the one with the least delay is kept; stretches grow with the run. */
export function keepExchange({ stretchMs, kept }: KeptExchanges, exchange: ClockExchange): KeptExchanges {
  const best = leastDelays([...kept, exchange], stretchMs)
  return best.length <= mostKept
    ? { stretchMs, kept: best }
    : { stretchMs: 2 * stretchMs, kept: leastDelays(best, 2 * stretchMs) }
}

function leastDelays(exchanges: readonly ClockExchange[], stretchMs: number): ClockExchange[] {
  const best = new Map<number, ClockExchange>()
  for (const exchange of exchanges) {
    const stretch = Math.floor(exchange.heardAtMs / stretchMs)
    const known = best.get(stretch)
    if (known === undefined || delayMs(exchange) < delayMs(known)) best.set(stretch, exchange)
  }
  return [...best.values()]
}

/** Both ways together, without the time that the other took to answer. */
export function delayMs({ askedAtMs, receivedAtMs, answeredAtMs, heardAtMs }: ClockExchange): number {
  return heardAtMs - askedAtMs - (answeredAtMs - receivedAtMs)
}
