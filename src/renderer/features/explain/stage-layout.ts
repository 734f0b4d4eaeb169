/** A box on the stage, in pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Seat extends Box {
  /** Places of the devices that this box stands for, among the measurement's. */
  devices: number[]
  /** A device that the measurement leaves idle. */
  isIdle: boolean
}

export interface StageLayout {
  /** Where pictures wait before they travel: one stack, or one a seat where ranks have readers of their own. */
  stacks: Box[]
  seats: Seat[]
  fontPixels: number
}

/** More devices than this are drawn as groups. */
const mostSeats = 8

/**
 * Where things stand on a stage of this size: pictures on the left, devices in one or two rows beside them, more than
 * eight as groups of neighbours.
 */
export function stageLayout(size: {
  width: number
  height: number
  devices: number
  idleDevices: number
  /** Each rank reads pictures of its own. */
  hasOwnReaders: boolean
  /** Text is not smaller, whatever room there is. */
  leastFontPixels?: number
}): StageLayout {
  const { width, height, devices, idleDevices, hasOwnReaders, leastFontPixels = 12 } = size
  const groups = groupDevices(devices)
  const seatCount = Math.min(mostSeats, groups.length + idleDevices)
  const rows = seatCount > 4 ? 2 : 1
  const columns = Math.ceil(seatCount / rows)
  const gap = Math.max(8, Math.round(width / 80))
  const stackWidth = Math.round(width * 0.2)
  const left = stackWidth + 3 * gap
  const seatWidth = (width - left - gap * (columns - 1)) / columns
  const seatHeight = (height - gap * (rows - 1)) / rows
  const seats = Array.from({ length: seatCount }, (_, index): Seat => {
    return {
      x: left + (index % columns) * (seatWidth + gap),
      y: Math.floor(index / columns) * (seatHeight + gap),
      width: seatWidth,
      height: seatHeight,
      devices: groups[index] ?? [],
      isIdle: index >= groups.length,
    }
  })
  const busy = seats.filter(({ isIdle }) => !isIdle).length
  const stackCount = hasOwnReaders ? busy : 1
  const stackHeight = (height - gap * (stackCount - 1)) / stackCount
  const stacks = Array.from({ length: stackCount }, (_, index) => ({
    x: 0,
    y: index * (stackHeight + gap),
    width: stackWidth,
    height: stackHeight,
  }))
  return {
    stacks,
    seats,
    fontPixels: Math.max(leastFontPixels, Math.min(Math.round(height / 18), Math.round(seatWidth / 18))),
  }
}

/** Neighbours together, as evenly as can be, in eight groups at most. */
export function groupDevices(devices: number): number[][] {
  const count = Math.min(mostSeats, devices)
  return Array.from({ length: count }, (_, group) => {
    const first = Math.floor((group * devices) / count)
    const end = Math.floor(((group + 1) * devices) / count)
    return Array.from({ length: end - first }, (_, index) => first + index)
  })
}

/** Square tiles in rows, as large as fit. */
export interface TileGrid {
  side: number
  columns: number
  at(index: number): { x: number; y: number }
}

/** @param largest side of a tile, in pixels */
export function tileGrid(box: Box, count: number, largest: number): TileGrid {
  let side = largest
  while (side > 2 && Math.floor(box.width / side) * Math.floor(box.height / side) < count) side -= 1
  const columns = Math.max(1, Math.floor(box.width / side))
  return {
    side,
    columns,
    at: (index) => ({
      x: box.x + (index % columns) * side,
      y: box.y + Math.floor(index / columns) * side,
    }),
  }
}
