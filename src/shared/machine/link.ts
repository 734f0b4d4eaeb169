import { z } from 'zod'
import { formatBitRate } from '../text/format.js'

/** The network link of a machine that gradients leave it by. */
export const linkSchema = z.object({
  /** As the system calls the interface: `eth0`. */
  interfaceName: z.string().max(64),
  /** What its hardware says that it carries in one direction; null where nothing says. */
  bitsPerSecond: z.number().positive().nullable(),
  /** What it is beside Ethernet: `InfiniBand, 4X EDR`, or why its speed is not known. */
  note: z.string().max(128).nullable(),
})

export type Link = z.infer<typeof linkSchema>

/** `eth0, 25 Gbit/s`, `ib0, 100 Gbit/s (InfiniBand, 4X EDR)`, `eth0, speed not known (virtual)`. */
export function linkText({ interfaceName, bitsPerSecond, note }: Link): string {
  const speed = bitsPerSecond === null ? 'speed not known' : formatBitRate(bitsPerSecond)
  return `${interfaceName}, ${speed}${note === null ? '' : ` (${note})`}`
}

/** Of a run's machines, what the slowest link carries, in bytes a second; null where one of them is not known. */
export function slowestLinkBytesPerSecond(links: readonly Link[]): number | null {
  const speeds = links.map(({ bitsPerSecond }) => bitsPerSecond)
  if (speeds.length === 0 || speeds.some((speed) => speed === null)) return null
  return Math.min(...(speeds as number[])) / 8
}
