import { monotonicMsOf } from '../../shared/clock.js'
import type { ExchangeTiming } from './all-reduce.js'

/** The timing of an exchange that ends now, from two readings of `performance.now()`. */
export function exchangeTiming(arrivedAt: number, allArrivedAt: number): ExchangeTiming {
  return {
    arrivedAtMs: monotonicMsOf(arrivedAt),
    waitMs: allArrivedAt - arrivedAt,
    totalMs: performance.now() - arrivedAt,
  }
}
