import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { TandemError } from '../../../shared/errors.js'

/**
 * WebAssembly memory ends at 4 GiB, and tfjs does not look whether an allocation succeeded: it would go on at
 * address 0. Makes a failed allocation an error.
 */
export function failOnExhaustedMemory(backend: BackendWasm): void {
  const wasm = backend.wasm as unknown as EmscriptenMemory
  // Emscripten replaces `_malloc` by the real function when it is first called.
  wasm._free(wasm._malloc(1))
  const malloc = wasm._malloc
  wasm._malloc = (byteCount) => {
    // Above 4 GiB the count itself would wrap around.
    const address = byteCount < 2 ** 32 ? malloc(byteCount) : 0
    if (address === 0) throw exhausted(byteCount, wasm.HEAPU8.length)
    return address
  }
}

/** What tfjs's types leave to `@types/emscripten`. */
interface EmscriptenMemory {
  HEAPU8: Uint8Array
  _malloc(byteCount: number): number
  _free(address: number): void
}

function exhausted(byteCount: number, heapBytes: number): TandemError {
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
  return new TandemError({
    code: 'out-of-memory',
    message: `WebAssembly has no memory left for ${mebibytes(byteCount)} more (${mebibytes(heapBytes)} in use)`,
    hint: 'Choose a smaller batch size; WebAssembly can use at most 4 GiB.',
  })
}
