import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { allocate, floats, retain } from './heap.js'
import type { ReachableFilter } from './reachable-filter.js'

/** The taps of [kh, kw, C, K] that meet the picture; the filter itself where all do. */
export function takeReachable(
  backend: BackendWasm,
  filter: TensorInfo,
  reachable: ReachableFilter,
): TensorInfo {
  if (isWhole(filter.shape, reachable)) return retain(backend, filter)
  const [, , channels, filters] = filter.shape as [number, number, number, number]
  const { filterHeight, filterWidth } = reachable.shape
  const used = allocate(backend, [filterHeight, filterWidth, channels, filters])
  const source = floats(backend, filter)
  const target = floats(backend, used)
  for (const [whole, part] of tapRuns(filter.shape, reachable)) {
    target.set(source.subarray(whole.start, whole.end), part)
  }
  return used
}

/** The reverse of `takeReachable`: a filter of `filterShape` with zeros at all other taps. */
export function padReachable(
  backend: BackendWasm,
  used: TensorInfo,
  filterShape: number[],
  reachable: ReachableFilter,
): TensorInfo {
  if (isWhole(filterShape, reachable)) return { ...retain(backend, used), shape: filterShape }
  const filter = allocate(backend, filterShape)
  const source = floats(backend, used)
  const target = floats(backend, filter).fill(0)
  for (const [whole, part] of tapRuns(filterShape, reachable)) {
    target.set(source.subarray(part, part + whole.end - whole.start), whole.start)
  }
  return filter
}

/** [kh, kw, C, K] turned by 180 degrees, with inputs and outputs exchanged: [kh, kw, K, C]. */
export function flippedFilter(backend: BackendWasm, filter: TensorInfo): TensorInfo {
  const [height, width, channels, filters] = filter.shape as [number, number, number, number]
  const flipped = allocate(backend, [height, width, filters, channels])
  const source = floats(backend, filter)
  const target = floats(backend, flipped)
  const tapLength = channels * filters
  const taps = height * width
  for (let tap = 0; tap < taps; tap++) {
    const from = tap * tapLength
    const to = (taps - 1 - tap) * tapLength
    for (let channel = 0; channel < channels; channel++) {
      for (let output = 0; output < filters; output++) {
        target[to + output * channels + channel] = source[from + channel * filters + output] as number
      }
    }
  }
  return flipped
}

function isWhole([height, width]: number[], { shape }: ReachableFilter): boolean {
  return shape.filterHeight === height && shape.filterWidth === width
}

/** Where each row of reachable taps lies in the whole filter, and where it starts in the part. */
function* tapRuns(
  [, width, channels, filters]: number[],
  { firstTapY, firstTapX, shape }: ReachableFilter,
): Generator<[whole: { start: number; end: number }, part: number]> {
  const tapLength = (channels as number) * (filters as number)
  const runLength = shape.filterWidth * tapLength
  for (let row = 0; row < shape.filterHeight; row++) {
    const start = ((firstTapY + row) * (width as number) + firstTapX) * tapLength
    yield [{ start, end: start + runLength }, row * runLength]
  }
}
