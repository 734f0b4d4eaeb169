import type { GpuSample } from '../../shared/child/telemetry.js'
import { plausible } from '../../shared/nvidia/plausible.js'
import { nvmlStatus } from './nvml-library.js'

/** nvmlProcessInfo_t: the number at 0, bytes of GPU memory at 8, two numbers of no use here at 16. */
const entryBytes = 24
const memoryOffset = 8

/** Asks for the list: `count` holds how many entries fit, then how many there are. Undefined: cannot be asked. */
type AskForProcesses = (count: Uint32Array, entries: Uint8Array) => number | undefined

/**
 * The processes that compute on a GPU; null where the driver does not say. `answered` tells success from any other
 * status, and throws for those that concern the whole GPU.
 */
export function readNvmlProcesses(
  ask: AskForProcesses,
  answered: (status: number | undefined) => boolean,
): GpuSample['processes'] {
  const first = list(ask, 32)
  // Room for some that come between the two calls.
  const result = first.status === nvmlStatus.insufficientSize ? list(ask, first.count + 8) : first
  return answered(result.status) ? decode(result.entries, result.count) : null
}

function list(ask: AskForProcesses, capacity: number) {
  const count = Uint32Array.of(capacity)
  const entries = new Uint8Array(capacity * entryBytes)
  const status = ask(count, entries)
  return { status, count: count[0] ?? 0, entries }
}

function decode(entries: Uint8Array, count: number): NonNullable<GpuSample['processes']> {
  const view = new DataView(entries.buffer)
  return Array.from({ length: count }, (_, index) => {
    const memory = Number(view.getBigUint64(index * entryBytes + memoryOffset, true))
    return {
      pid: view.getUint32(index * entryBytes, true),
      // NVML_VALUE_NOT_AVAILABLE, all bits set, is the usual answer on Windows.
      memoryBytes: plausible('memoryBytes', memory),
    }
  })
}
