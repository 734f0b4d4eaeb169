import { TandemError } from '../../shared/errors.js'
import { formatBytes } from '../../shared/text/format.js'
import { bytesPerElement, dtypes, sizeOf } from './dtype.js'

/**
 * Within Electron Chromium's allocator serves TensorFlow, too, and ends a process that asks for more than this at once,
 * where others only hear that there is no memory (electron/electron#44291).
 */
const largestInElectronBytes = 2 ** 31 - 2 ** 20

const unsized: readonly number[] = [dtypes.string, dtypes.resource]

/**
 * Refuses what would end this process: a tensor in the machine's memory that is too large for Electron. GPUs have memory
 * of their own.
 *
 * @throws TandemError `tensor-too-large` with the operation that would make it
 */
export function refuseLargeTensor(
  operation: string,
  { dtype, shape, device }: { dtype: number; shape: readonly number[]; device: string },
  largestBytes = process.versions.electron === undefined ? Number.POSITIVE_INFINITY : largestInElectronBytes,
): void {
  if (largestBytes === Number.POSITIVE_INFINITY || unsized.includes(dtype) || /GPU/i.test(device)) return
  const bytes = sizeOf(shape) * bytesPerElement(dtype)
  if (bytes <= largestBytes) return
  throw new TandemError({
    code: 'tensor-too-large',
    message: `${operation} would make a tensor of ${formatBytes(bytes)} ([${shape.join(', ')}]); in the desktop app it must have less than 2 GiB`,
    hint: 'Use a smaller batch, or measure in a clone with Node: `npx tandem run` has no such limit.',
  })
}
