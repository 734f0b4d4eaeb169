import { phaseColour } from '../../../charts/palettes.js'
import { leastLossMs, type PhaseName, phases } from '../../../shared/explain/phases.js'
import { lanePhase, type Moment, phaseProgress } from '../../../shared/explain/stage-clock.js'
import type { Lane } from '../../../shared/explain/step-lanes.js'
import { drawTiles } from './draw-tiles.js'
import { drawPackets, drawWeights, inAStream, oneAfterTheOther } from './draw-travel.js'
import { type Drawing, hasPhase, type StagePicture } from './drawing.js'
import { machinesText, millisecondDigits } from './explain-text.js'
import { type Border, type Box, isNamed, type Seat, type StageLayout } from './stage-layout.js'
import type { StageScene } from './stage-scene.js'

/** Draws the whole stage as it is at a moment. 5 ms with 512 pictures (Chromium without a GPU, 1920x1080). */
export function drawStage(drawing: Drawing, pictures: StagePicture | null): void {
  const { context, layout, scene } = drawing
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  for (const border of layout.borders) drawBorder(drawing, border)
  for (const seat of layout.seats) drawSeat(drawing, seat)
  for (const [index, stack] of layout.stacks.entries()) drawReader(drawing, stack, index)
  drawTiles(drawing, pictures)
  for (const seat of layout.seats) if (hasWeights(seat, layout)) drawWeightsOf(drawing, seat)
  if (scene.cast.isShared) drawSharedTravel(drawing)
  else if (scene.cast.exchanges) drawExchange(drawing)
}

/** The lane that speaks for a seat: of a group, the one that arrives last. */
export function seatLane(scene: StageScene, seat: Seat): Lane | undefined {
  const lanes = seat.devices.flatMap((device) => scene.lanes.lanes[device] ?? [])
  const isWaiting = (lane: Lane) => lane.spans.some(({ phase }) => phase === 'straggler-wait')
  return lanes.find((lane) => !isWaiting(lane)) ?? lanes[0]
}

/** Where pictures come from: one reader, or one of each rank. */
function drawReader(drawing: Drawing, stack: Box, index: number): void {
  const { layout, ink, scene } = drawing
  outline(drawing, stack, [2, 4])
  if (!isNamed(stack, layout)) return
  const seat = layout.seats[index]
  const below = stack.height - layout.fontPixels * 1.8
  if (!scene.cast.exchanges || seat === undefined)
    return void write(drawing, ['Reader'], stack, below, ink.faint)
  const ranks = placesText(seat)
  const whose = seat.devices.length === 1 ? 'rank' : 'ranks'
  write(drawing, [`Reader of ${whose} ${ranks}`, `Reader ${ranks}`, ranks], stack, below, ink.faint)
}

/** `2`; of a group `2 to 3`. */
function placesText({ devices }: Seat): string {
  const [first, last] = [devices[0] ?? 0, devices.at(-1) ?? 0]
  return first === last ? `${first}` : `${first} to ${last}`
}

function drawSeat(drawing: Drawing, seat: Seat): void {
  const { context, scene, layout, moment, ink } = drawing
  const { fontPixels } = layout
  if (seat.isIdle) {
    outline(drawing, seat, [6, 6])
    write(drawing, [`${scene.idleNames[0] ?? 'Device'}, idle`], seat, 0, ink.faint)
    return
  }
  const lane = seatLane(scene, seat)
  const phase = lane === undefined ? null : lanePhase(lane, moment)
  context.fillStyle = ink.card
  roundRect(context, seat)
  context.fill()
  const waitedMs = lane === undefined || phase === null ? null : waitedOf(lane, phase, moment)
  const isLost = waitedMs === null || waitedMs >= leastLossMs
  if (phase !== null && waitedMs !== null && isLost) hatch(drawing, seat, phase)
  outline(drawing, seat, scene.isModel ? [10, 5] : [])
  const nameWidth = write(drawing, seatTitles(scene, seat), seat, 0, ink.text)
  if (lane === undefined) return
  if (phase !== 'straggler-wait') drawWaited(drawing, seat, lane, nameWidth)
  if (phase === null) return
  const status = isLost && waitedMs !== null ? waitTexts(phase, waitedMs) : statusTexts(phase)
  const colour = isLost ? phaseColour(phase, ink.scheme) : ink.faint
  write(drawing, status, seat, seat.height - fontPixels * 1.95, colour)
  drawProgress(drawing, seat, lane, phase)
}

/** Between two machines; what crosses it goes over the network. */
function drawBorder({ context, ink, layout }: Drawing, { fromX, fromY, toX, toY }: Border): void {
  context.save()
  context.strokeStyle = ink.faint
  context.lineWidth = Math.max(1, layout.fontPixels / 8)
  context.setLineDash([layout.fontPixels / 2, layout.fontPixels / 3])
  context.beginPath()
  context.moveTo(fromX, fromY)
  context.lineTo(toX, toY)
  context.stroke()
  context.restore()
}

function seatTitles({ deviceNames, cast, machines }: StageScene, seat: Seat): string[] {
  const [first = 0] = seat.devices
  const name = deviceNames[first] ?? ''
  const places = placesText(seat)
  if (seat.devices.length > 1) {
    const who = `${cast.exchanges ? 'Ranks' : 'Devices'} ${places}`
    const where = machinesText(seat.devices.map((device) => machines[device] ?? 0))
    return [...(cast.crossesMachines ? [`${who}, ${where}`] : []), who, places]
  }
  return cast.exchanges ? [`Rank ${first}, ${name}`, `Rank ${first}`] : [name]
}

function statusTexts(phase: PhaseName): string[] {
  const { title, short } = phases[phase]
  return phase === 'all-reduce' ? ['All-reduce: gradients cross', short] : [title, short]
}

function waitTexts(phase: PhaseName, waitedMs: number): string[] {
  const { title, short } = phases[phase]
  const time = waitText(waitedMs)
  return [`${title}: ${time} so far`, `${short}: ${time}`, time]
}

/** One decimal while it counts, so that its width does not jump. */
function waitText(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${millisecondDigits(ms)} ms`
}

/** How long a lane has waited in this phase; null where it is no wait. */
function waitedOf(lane: Lane, phase: PhaseName, { clockMs }: Moment): number | null {
  const span = lane.spans.find((one) => one.phase === phase)
  if (phases[phase].kind !== 'waiting' || span === undefined) return null
  return Math.max(0, Math.min(clockMs, span.toMs) - span.fromMs)
}

/** How long a device waited for the slowest rank stays beside its name, to the end of the step. */
function drawWaited(drawing: Drawing, seat: Seat, lane: Lane, nameWidth: number): void {
  const { moment, ink, context, layout } = drawing
  const span = lane.spans.find(({ phase }) => phase === 'straggler-wait')
  if (span === undefined || moment.clockMs < span.toMs) return
  const waitedMs = span.toMs - span.fromMs
  if (waitedMs < leastLossMs) return
  // Its right edge is where text begins.
  const place = {
    ...seat,
    x: seat.x + seat.width - 2 * padding(layout),
    width: seat.width - nameWidth - padding(layout),
  }
  const time = waitText(waitedMs)
  context.textAlign = 'right'
  write(drawing, [`Waited ${time}`, time], place, 0, phaseColour('straggler-wait', ink.scheme))
  context.textAlign = 'left'
}

function drawProgress(
  { context, scene, moment, ink, layout }: Drawing,
  seat: Seat,
  lane: Lane,
  phase: PhaseName,
): void {
  if (phases[phase].kind !== 'work') return
  const isElsewhere = scene.cast.isShared && phase === 'update' && lane.device !== 0
  if (isElsewhere) return
  const share = phaseProgress(scene.clock, lane, phase, moment)
  const height = Math.max(4, layout.fontPixels / 4)
  context.fillStyle = phaseColour(phase, ink.scheme)
  context.fillRect(seat.x + 1, seat.y + seat.height - height - 1, (seat.width - 2) * share, height)
}

/** In a narrow box the weights speak for themselves. */
function hasWeightsName(seat: Seat, { fontPixels }: StageLayout): boolean {
  return seat.width >= fontPixels * 11
}

/** Between a seat's name and what it does, where both leave room. */
function hasWeights(seat: Seat, { fontPixels }: StageLayout): boolean {
  return !seat.isIdle && seat.height >= fontPixels * 6
}

function weightsBox(seat: Seat, layout: StageLayout): Box {
  const { fontPixels } = layout
  const name = hasWeightsName(seat, layout) ? fontPixels * 6.5 : 4
  const width = Math.min(seat.width - 16 - name, fontPixels * 8)
  return {
    x: seat.x + seat.width - width - 10,
    y: seat.y + seat.height - fontPixels * 4.4,
    width,
    height: fontPixels * 2,
  }
}

function drawWeightsOf({ context, scene, layout, moment, ink }: Drawing, seat: Seat): void {
  const lane = seatLane(scene, seat)
  if (lane === undefined) return
  const isCopy = scene.cast.isShared && lane.device !== 0
  const updated = phaseProgress(scene.clock, lane, 'update', moment)
  const hasUpdate = hasPhase([lane], 'update')
  const made = phaseProgress(scene.clock, lane, 'replicate', moment)
  const opacity = isCopy ? made * (1 - (hasUpdate ? updated : 0)) : 1
  const isCopyAlways = isCopy && !hasPhase([lane], 'replicate')
  const box = weightsBox(seat, layout)
  if (hasWeightsName(seat, layout)) {
    context.font = `${Math.round(layout.fontPixels * 0.8)}px ${ink.fontFamily}`
    context.fillStyle = ink.faint
    context.textBaseline = 'bottom'
    context.fillText(isCopy ? 'Weights (copy)' : 'Weights', seat.x + padding(layout), box.y + box.height)
  }
  drawWeights(context, box, {
    colour: phaseColour('update', ink.scheme),
    opacity: isCopyAlways ? 1 : opacity,
    changed: hasUpdate && !isCopy ? updated : 0,
  })
}

/** DP: weights go out, outputs and gradients come to the first device. */
function drawSharedTravel({ context, scene, layout, moment, ink }: Drawing): void {
  const [first, ...others] = layout.seats.filter(({ isIdle }) => !isIdle)
  const lane = scene.lanes.lanes[0]
  if (first === undefined || lane === undefined) return
  const at = (seat: Seat) => weightsBox(seat, layout)
  for (const phase of ['replicate', 'gather', 'reduce'] as const) {
    const share = phaseProgress(scene.clock, lane, phase, moment)
    if (share <= 0 || share >= 1) continue
    for (const other of others) {
      const [from, to] = phase === 'replicate' ? [first, other] : [other, first]
      const ceiling = belowNames([from, to], layout)
      drawPackets(context, at(from), at(to), oneAfterTheOther(share), phaseColour(phase, ink.scheme), ceiling)
    }
  }
}

/** DDP: gradients cross both ways between neighbours. */
function drawExchange({ context, scene, layout, moment, ink }: Drawing): void {
  const seats = layout.seats.filter(({ isIdle }) => !isIdle)
  const lane = scene.lanes.lanes.find((one) => lanePhase(one, moment) === 'all-reduce')
  if (lane === undefined) return
  const places = inAStream(phaseProgress(scene.clock, lane, 'all-reduce', moment))
  for (const [index, seat] of seats.entries()) {
    const neighbour = seats[(index + 1) % seats.length]
    // Two are each other's only neighbours.
    if (neighbour === undefined || neighbour === seat || (seats.length === 2 && index === 1)) continue
    const [one, other] = [weightsBox(seat, layout), weightsBox(neighbour, layout)]
    const [colour, ceiling] = [phaseColour('all-reduce', ink.scheme), belowNames([seat, neighbour], layout)]
    drawPackets(context, one, other, places, colour, ceiling)
    drawPackets(context, other, one, places, colour, ceiling)
  }
}

/** Where the line of names ends in the upper one of these boxes. */
function belowNames(boxes: readonly Box[], { fontPixels }: StageLayout): number {
  return Math.min(...boxes.map(({ y }) => y)) + fontPixels * 1.7
}

/** Writes the first of these texts that fits into a box, else the last one narrower; and says how wide it became. */
function write(
  { context, layout, ink }: Drawing,
  texts: readonly string[],
  box: Box,
  below: number,
  colour: string,
): number {
  context.font = `600 ${layout.fontPixels}px ${ink.fontFamily}`
  context.fillStyle = colour
  context.textBaseline = 'top'
  const inset = padding(layout)
  const room = Math.max(1, box.width - 2 * inset)
  const widthOf = (text: string): number => context.measureText(text).width
  const text = texts.find((one) => widthOf(one) <= room) ?? texts.at(-1) ?? ''
  context.fillText(text, box.x + inset, box.y + below + layout.fontPixels * 0.4, room)
  return Math.min(room, widthOf(text))
}

/** Text keeps away from its box by so much, in pixels: it grows with the text. */
function padding({ fontPixels }: StageLayout): number {
  return fontPixels * 0.6
}

/** How many times as wide lines are as on a small stage. */
function lineScale({ fontPixels }: StageLayout): number {
  return Math.max(1, fontPixels / 16)
}

function outline({ context, ink, layout }: Drawing, box: Box, dash: number[]): void {
  const scale = lineScale(layout)
  context.strokeStyle = ink.faint
  context.lineWidth = 1.5 * scale
  context.setLineDash(dash.map((length) => length * scale))
  roundRect(context, box)
  context.stroke()
  context.setLineDash([])
}

function hatch({ context, ink, layout }: Drawing, box: Box, phase: PhaseName): void {
  const scale = lineScale(layout)
  context.save()
  roundRect(context, box)
  context.clip()
  context.strokeStyle = phaseColour(phase, ink.scheme)
  context.globalAlpha = 0.35
  context.lineWidth = 2 * scale
  context.beginPath()
  for (let x = box.x - box.height; x < box.x + box.width; x += 14 * scale) {
    context.moveTo(x, box.y + box.height)
    context.lineTo(x + box.height, box.y)
  }
  context.stroke()
  context.restore()
}

function roundRect(context: CanvasRenderingContext2D, { x, y, width, height }: Box): void {
  context.beginPath()
  context.roundRect(x + 1, y + 1, width - 2, height - 2, 8)
}
