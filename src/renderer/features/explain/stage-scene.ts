import type { StepPictures } from '../../../shared/contract/commands.js'
import type { Cast } from '../../../shared/explain/captions.js'
import type { ExplainedMeasurement, ExplainedStep } from '../../../shared/explain/explained-run.js'
import { type StageClock, stageClock } from '../../../shared/explain/stage-clock.js'
import { type StepLanes, stepLanes } from '../../../shared/explain/step-lanes.js'
import { deviceName, machineCount, machineOf } from '../../../shared/machine/device.js'

/** Everything that is on the stage for one step: plain data, drawn again at each frame. */
export interface StageScene {
  lanes: StepLanes
  clock: StageClock
  cast: Cast
  /** By place among the measurement's devices. */
  deviceNames: string[]
  idleNames: string[]
  /** Of each device, by its place; all the same for a run on one. */
  machines: number[]
  tiles: Tile[]
  /** Of the weights that all ranks hold after the last epoch; null where there is one process, or no epoch. */
  checksum: string | null
  /** From the step model, not measured. */
  isModel: boolean
}

export interface Tile {
  /** The lane that works on it. */
  lane: number
  /** Which rank's reader it comes from. */
  rank: number
}

export function measuredScene(
  measurement: ExplainedMeasurement,
  step: ExplainedStep,
  slowdown: number,
): StageScene {
  const { devices, idleDevices } = measurement
  const lanes = stepLanes(step, devices.length)
  return {
    lanes,
    clock: stageClock(lanes, slowdown),
    cast: castOf(measurement, lanes),
    deviceNames: devices.map(deviceName),
    idleNames: idleDevices.map(deviceName),
    machines: lanes.lanes.map(({ device }) => machineOf(devices[device] ?? {})),
    tiles: tilesOf(
      step.ranks.map(({ images }) => images),
      lanes,
    ),
    checksum: measurement.exchanges ? measurement.parameterChecksum : null,
    isModel: false,
  }
}

/** The stage of a step that the model predicts. */
export function modelScene(lanes: StepLanes, slowdown: number, perDeviceBatchSize: number): StageScene {
  const names = lanes.lanes.map((_, rank) => `Device ${rank}`)
  return {
    lanes,
    clock: stageClock(lanes, slowdown),
    cast: { exchanges: true, isShared: false, firstDevice: names[0] ?? '', slowestRank: slowestRank(lanes) },
    deviceNames: names,
    idleNames: [],
    machines: names.map(() => 0),
    tiles: tilesOf(
      lanes.lanes.map(() => perDeviceBatchSize),
      lanes,
    ),
    checksum: null,
    isModel: true,
  }
}

/** Most pictures that one stage draws; of a larger batch it draws so many, evenly over the ranks, and says so. */
export const mostTiles = 512

function tilesOf(images: readonly number[], { lanes, isShared }: StepLanes): Tile[] {
  const all = images.reduce((sum, count) => sum + count, 0)
  const share = Math.min(1, mostTiles / Math.max(1, all))
  return images.flatMap((count, rank) => {
    const shown = Math.floor(count * share)
    // As torch.nn.DataParallel: chunks by ceiling.
    const chunk = Math.ceil(shown / Math.max(1, lanes.length))
    return Array.from({ length: shown }, (_, index) => ({
      lane: isShared ? Math.floor(index / chunk) : rank,
      rank,
    }))
  })
}

function castOf({ exchanges, devices }: ExplainedMeasurement, lanes: StepLanes): Cast {
  const [first] = devices
  return {
    exchanges,
    crossesMachines: machineCount(devices) > 1,
    isShared: lanes.isShared,
    firstDevice: first === undefined ? '' : deviceName(first),
    slowestRank: slowestRank(lanes),
  }
}

/** Who did not wait while others did; null where nobody waited. */
function slowestRank({ lanes }: StepLanes): number | null {
  const waits = lanes.map(({ spans }) => spans.some(({ phase }) => phase === 'straggler-wait'))
  const slowest = waits.indexOf(false)
  return waits.includes(true) && slowest !== -1 ? slowest : null
}

/** The pictures of a step side by side in one canvas, in the order of its tiles; null where there are none. */
export function pictureAtlas(answer: StepPictures): { atlas: HTMLCanvasElement; ranks: number[] } | null {
  if (answer.kind === 'missing') return null
  const bytes = Uint8Array.from(atob(answer.pixels), (character) => character.charCodeAt(0))
  const count = bytes.length / (pictureSide * pictureSide * 3)
  const atlas = document.createElement('canvas')
  atlas.width = pictureSide * atlasColumns
  atlas.height = pictureSide * Math.max(1, Math.ceil(count / atlasColumns))
  const context = atlas.getContext('2d')
  if (context === null) return null
  for (let index = 0; index < count; index++) {
    const image = context.createImageData(pictureSide, pictureSide)
    for (let pixel = 0; pixel < pictureSide * pictureSide; pixel++) {
      const from = (index * pictureSide * pictureSide + pixel) * 3
      image.data.set([bytes[from] ?? 0, bytes[from + 1] ?? 0, bytes[from + 2] ?? 0, 255], pixel * 4)
    }
    const { x, y } = atlasPlace(index)
    context.putImageData(image, x, y)
  }
  return { atlas, ranks: answer.ranks }
}

export const pictureSide = 32
const atlasColumns = 32

export function atlasPlace(index: number): { x: number; y: number } {
  return { x: (index % atlasColumns) * pictureSide, y: Math.floor(index / atlasColumns) * pictureSide }
}
