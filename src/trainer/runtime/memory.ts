import koffi from 'koffi'
import { loadLibrary } from '../../child/ffi.js'
import type { Pointer } from './c-api/prototype.js'

const libc = loadLibrary(null)

/** memcpy(3). Either side may be an address or a typed array; nothing checks the bounds. */
export const memoryCopy = libc.func('void *memcpy(void *target, void *source, size_t bytes)') as (
  target: Pointer | NodeJS.ArrayBufferView,
  source: Pointer | NodeJS.ArrayBufferView,
  bytes: number,
) => Pointer

/**
 * A C function that does nothing to its argument: the deallocator of tensors whose memory is not theirs.
 * It must be native, because TensorFlow calls it from threads on which JavaScript cannot run.
 */
export const doNothing: Pointer = koffi.address(libc.symbol('abs', 'void'))
