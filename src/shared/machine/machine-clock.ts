import { z } from 'zod'

/** What was found of another machine's clock during a measurement, by which its times were put right. */
export const machineClockSchema = z.object({
  /** Its number; node 0's clock is the one that others are held against. */
  machine: z.number().int().positive(),
  /** What it was ahead by at the end. */
  offsetMs: z.number(),
  /** How far the offset can be off, at the worst moment of the measurement. */
  uncertaintyMs: z.number().nonnegative(),
  /** How much faster it runs, in parts per million, and how far that can be off. */
  driftPpm: z.number(),
  driftUncertaintyPpm: z.number().nonnegative(),
})

export type MachineClock = z.infer<typeof machineClockSchema>

/** How far times of two machines can be off against each other: by both of their clocks. 0 on one machine. */
export function clockUncertaintyMs(clocks: readonly MachineClock[] = []): number {
  const [worst = 0, second = 0] = clocks.map(({ uncertaintyMs }) => uncertaintyMs).sort((a, b) => b - a)
  return worst + second
}
