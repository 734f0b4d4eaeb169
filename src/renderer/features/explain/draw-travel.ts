import { hash4 } from '../../../shared/random.js'
import type { Box } from './stage-layout.js'

const barCount = 12

/** A model's weights as a row of bars, which an update changes. */
export function drawWeights(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  look: {
    colour: string
    opacity: number /** How far the update has changed them, 0 to 1. */
    changed: number
  },
): void {
  if (look.opacity <= 0) return
  context.save()
  context.globalAlpha = look.opacity
  context.fillStyle = look.colour
  const step = width / barCount
  for (let bar = 0; bar < barCount; bar++) {
    const [before, after] = hash4(bar, 1, 2, 3)
    const share = (before + (after - before) * look.changed) / 2 ** 32
    const tall = height * (0.25 + 0.75 * share)
    context.fillRect(x + bar * step + 1, y + height - tall, step - 2, tall)
  }
  context.restore()
}

const packetCount = 6
const packets = Array.from({ length: packetCount }, (_, packet) => packet / packetCount)

/** Places on the way, 0 to 1: all have left when a third of the time is over, and all have arrived at its end. */
export function oneAfterTheOther(share: number): number[] {
  return packets.map((packet) => Math.min(1, Math.max(0, share * 1.5 - 0.5 * packet)))
}

/** Places on the way, 0 to 1, of a stream that does not end: some are under way at any moment. */
export function inAStream(share: number): number[] {
  return packets.map((packet) => (share * 2 + packet + 0.5 / packetCount) % 1)
}

/** Data on its way from one place to another, along an arc, which stays below `ceiling`. */
export function drawPackets(
  context: CanvasRenderingContext2D,
  from: Box,
  to: Box,
  places: readonly number[],
  colour: string,
  ceiling: number,
): void {
  const start = centre(from)
  const end = centre(to)
  const side = Math.max(6, from.height / 3)
  const room = Math.max(0, (start.y + end.y) / 2 - side / 2 - ceiling)
  const lift = Math.min(Math.hypot(end.x - start.x, end.y - start.y) / 4, from.height * 1.5, room)
  // Both ways do not meet: who goes right goes above, who goes left goes below.
  const bend = end.x >= start.x ? -lift * 2 : lift
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + bend }
  context.fillStyle = colour
  context.strokeStyle = colour
  context.globalAlpha = 0.35
  context.lineWidth = Math.max(2, side / 6)
  context.beginPath()
  context.moveTo(start.x, start.y)
  context.quadraticCurveTo(middle.x, middle.y, end.x, end.y)
  context.stroke()
  context.globalAlpha = 1
  for (const at of places) {
    const x = (1 - at) ** 2 * start.x + 2 * at * (1 - at) * middle.x + at ** 2 * end.x
    const y = (1 - at) ** 2 * start.y + 2 * at * (1 - at) * middle.y + at ** 2 * end.y
    context.fillRect(x - side / 2, y - side / 2, side, side)
  }
}

function centre({ x, y, width, height }: Box): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}
