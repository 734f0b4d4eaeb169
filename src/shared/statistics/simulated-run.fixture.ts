import { RandomStream } from '../random.js'
import type { BlockTimes } from './pair-times.js'

/** A machine that is not as steady as one would like. */
export interface Machine {
  /** Standard deviation of the logarithm of every single measurement, or of each strategy's. */
  noise: number | Readonly<Record<string, number>>
  /** How much slower the machine is at the end of the run than at its beginning: 0.05 is 5 %. */
  drift: number
}

/** Seconds for the same work by id, on a machine that is always the same. */
export type TrueTimes = Readonly<Record<string, number>>

/**
 * What a run would measure that follows `order`: log-normal noise on each measurement, and drift that grows in a
 * straight line from the first measurement to the last.
 */
export function simulateRun(
  order: readonly (readonly string[])[],
  trueTimes: TrueTimes,
  machine: Machine,
  random: RandomStream,
): BlockTimes<string>[] {
  const last = Math.max(1, order.reduce((count, block) => count + block.length, 0) - 1)
  let place = 0
  return order.map((block) =>
    Object.fromEntries(
      block.map((id) => {
        const slowdown = 1 + (machine.drift * place++) / last
        const noise = typeof machine.noise === 'number' ? machine.noise : (machine.noise[id] as number)
        return [id, (trueTimes[id] as number) * slowdown * Math.exp(noise * random.normal())]
      }),
    ),
  )
}

/** Random numbers of the simulation `seed`, apart from those of the plan of blocks. */
export function simulationRandom(seed: number): RandomStream {
  return new RandomStream(seed, 0x51_00_00_00)
}
