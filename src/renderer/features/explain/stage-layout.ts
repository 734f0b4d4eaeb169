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
  /** Where one machine ends and the next begins. */
  borders: Border[]
  fontPixels: number
}

/** A straight line. */
export interface Border {
  fromX: number
  fromY: number
  toX: number
  toY: number
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
  /** The machine of each device. */
  machines: readonly number[]
  idleDevices: number
  /** Each rank reads pictures of its own. */
  hasOwnReaders: boolean
  /** Text is not smaller, whatever room there is. */
  leastFontPixels?: number
}): StageLayout {
  const { width, height, machines, idleDevices, hasOwnReaders, leastFontPixels = 12 } = size
  const groups = groupDevices(machines)
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
    borders: bordersOf(seats, machines, gap),
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

/** Neighbours together, as evenly as can be, in eight groups at most; none has a part of one machine and of another. */
export function groupDevices(machines: readonly number[]): number[][] {
  const ofMachines = [...new Set(machines)].map((machine) =>
    machines.flatMap((other, place) => (other === machine ? [place] : [])),
  )
  if (ofMachines.length > mostSeats) {
    return inGroups(ofMachines, mostSeats).map((group) => group.flat())
  }
  const each = Math.floor(mostSeats / Math.max(1, ofMachines.length))
  return ofMachines.flatMap((places) => inGroups(places, each))
}

/** Neighbours together, in no more groups than there are entries. */
function inGroups<Entry>(entries: readonly Entry[], most: number): Entry[][] {
  const count = Math.min(most, entries.length)
  return Array.from({ length: count }, (_, group) => {
    const first = Math.floor((group * entries.length) / count)
    return entries.slice(first, Math.floor(((group + 1) * entries.length) / count))
  })
}

/** Between neighbours of two machines, in the middle of the gap. */
function bordersOf(seats: readonly Seat[], machines: readonly number[], gap: number): Border[] {
  const machineOf = ({ devices: [first] }: Seat) => (first === undefined ? undefined : machines[first])
  return seats.flatMap((seat, index) => {
    const before = seats[index - 1]
    if (before === undefined || machineOf(seat) === undefined || machineOf(before) === machineOf(seat))
      return []
    if (before.y === seat.y) {
      const x = seat.x - gap / 2
      return [{ fromX: x, fromY: seat.y, toX: x, toY: seat.y + seat.height }]
    }
    const y = seat.y - gap / 2
    return [{ fromX: seat.x, fromY: y, toX: before.x + before.width, toY: y }]
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
