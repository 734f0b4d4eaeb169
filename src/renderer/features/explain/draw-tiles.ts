import type { PhaseName } from '../../../shared/explain/phases.js'
import { phaseProgress } from '../../../shared/explain/stage-clock.js'
import { type Drawing, hasPhase, type StagePicture } from './drawing.js'
import { type Box, isNamed, type Seat, type StageLayout, tileGrid } from './stage-layout.js'
import { atlasPlace, pictureSide, type StageScene } from './stage-scene.js'

/** Pictures wait on the left, and travel to the device that works on them. */
export function drawTiles(
  { context, scene, layout, moment, ink }: Drawing,
  pictures: StagePicture | null,
): void {
  const { tiles, cast, lanes, clock } = scene
  const arrival: PhaseName = cast.isShared && hasPhase(lanes.lanes, 'scatter') ? 'scatter' : 'data-wait'
  const largest = layout.fontPixels * 2.6
  const seatOf = new Map(
    layout.seats.flatMap((seat) => seat.devices.map((device) => [device, seat] as const)),
  )
  const counters = new Map<Seat | Box, number>()
  const next = (place: Seat | Box) => {
    const index = counters.get(place) ?? 0
    counters.set(place, index + 1)
    return index
  }
  const totals = countTiles(scene, layout, seatOf)
  const ofRank: number[] = []
  for (const tile of tiles) {
    const seat = seatOf.get(tile.lane)
    const lane = lanes.lanes[tile.lane]
    const stack = layout.stacks[layout.stacks.length === 1 ? 0 : layout.seats.indexOf(seat as Seat)]
    if (seat === undefined || lane === undefined || stack === undefined) continue
    const from = tileGrid(shelf(stack, layout), totals.get(stack) ?? 1, largest)
    const to = tileGrid(bench(seat, layout), totals.get(seat) ?? 1, largest)
    const [fromIndex, toIndex] = [next(stack), next(seat)]
    const total = totals.get(stack) ?? 1
    // One after the other, the last one leaves when half of the time is over.
    const share = ease((phaseProgress(clock, lane, arrival, moment) * 2 - fromIndex / total) / 1)
    const [start, end] = [from.at(fromIndex), to.at(toIndex)]
    const x = start.x + (end.x - start.x) * share
    const y = start.y + (end.y - start.y) * share
    const side = from.side + (to.side - from.side) * share - 1
    const indexOfRank = ofRank[tile.rank] ?? 0
    ofRank[tile.rank] = indexOfRank + 1
    const index = atlasIndex(pictures, tile.rank, indexOfRank)
    if (pictures === null || index === null) {
      context.fillStyle = ink.line
      context.fillRect(x, y, side, side)
    } else {
      const place = atlasPlace(index)
      context.drawImage(pictures.atlas, place.x, place.y, pictureSide, pictureSide, x, y, side, side)
    }
  }
}

function countTiles(
  { tiles }: StageScene,
  layout: StageLayout,
  seatOf: ReadonlyMap<number, Seat>,
): Map<Seat | Box, number> {
  const totals = new Map<Seat | Box, number>()
  for (const { lane } of tiles) {
    const seat = seatOf.get(lane)
    const stack = layout.stacks[layout.stacks.length === 1 ? 0 : layout.seats.indexOf(seat as Seat)]
    for (const place of [seat, stack])
      if (place !== undefined) totals.set(place, (totals.get(place) ?? 0) + 1)
  }
  return totals
}

function atlasIndex(pictures: StagePicture | null, rank: number, index: number): number | null {
  if (pictures === null || index >= (pictures.ranks[rank] ?? 0)) return null
  return pictures.ranks.slice(0, rank).reduce((sum, count) => sum + count, 0) + index
}

/** Where a reader has its pictures: above its name. */
function shelf(stack: Box, layout: StageLayout): Box {
  const box = inset(stack, isNamed(stack, layout) ? 6 : 3)
  const name = isNamed(stack, layout) ? layout.fontPixels * 1.8 : 0
  return { ...box, height: Math.max(8, box.height - name) }
}

/** Where a device has its pictures. */
function bench(seat: Seat, { fontPixels }: StageLayout): Box {
  const top = fontPixels * 1.8
  return {
    x: seat.x + 8,
    y: seat.y + top,
    width: seat.width - 16,
    height: Math.max(8, seat.height - top - fontPixels * 4.8),
  }
}

function inset({ x, y, width, height }: Box, by: number): Box {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by }
}

function ease(share: number): number {
  const clamped = Math.min(1, Math.max(0, share))
  return clamped * clamped * (3 - 2 * clamped)
}
