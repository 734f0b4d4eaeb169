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

/** A seat has its name, its pictures, its weights and what it does below each other: so many lines of text. */
const linesOfSeat = 9

/**
 * Where things stand on a stage of this size: pictures on the left, devices beside them, in two rows where there are many
 * and both are high enough, more than eight as groups of neighbours.
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
  const rows = seatCount > 4 && height >= 2 * linesOfSeat * leastFontPixels ? 2 : 1
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
  const stacks = stacksOf(stackCount, { width: stackWidth, height, gap })
  return {
    stacks,
    seats,
    fontPixels: Math.max(leastFontPixels, Math.min(Math.round(height / 18), Math.round(seatWidth / 18))),
  }
}

/** Below each other, many in two columns. */
function stacksOf(count: number, { width, height, gap }: { width: number; height: number; gap: number }) {
  const columns = count > 4 ? 2 : 1
  const rows = Math.ceil(count / columns)
  const between = count > 4 ? gap / 2 : gap
  const stackWidth = (width - between * (columns - 1)) / columns
  const stackHeight = (height - between * (rows - 1)) / rows
  return Array.from({ length: count }, (_, index): Box => {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    return {
      x: column * (stackWidth + between),
      y: row * (stackHeight + between),
      width: stackWidth,
      height: stackHeight,
    }
  })
}

/** Whether a reader has room for its name below its pictures. */
export function isNamed({ height }: Box, { fontPixels }: StageLayout): boolean {
  return height >= fontPixels * 3
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
