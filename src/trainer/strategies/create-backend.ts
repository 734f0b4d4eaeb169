import type { TrainerJob } from '../../shared/trainer-protocol.js'
import type { Backend } from '../backend.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { createTensorFlowBackend } from '../runtime/tensorflow-backend.js'

/** The engine that the job names, with the job's devices. */
export async function createBackend(job: TrainerJob): Promise<Backend> {
  if (job.backend.name === 'wasm') return createWasmBackend({ deviceCount: job.devices.length })
  const isGpu = job.devices[0]?.kind === 'gpu'
  const group =
    job.collective?.kind === 'tensorflow' ? { addresses: job.collective.addresses, rank: job.rank } : null
  return createTensorFlowBackend({
    libraryDir: job.backend.libraryDir,
    devices: isGpu
      ? { kind: 'gpu', indices: job.devices.map(({ index }) => index) }
      : { kind: 'cpu', count: job.devices.length },
    // A CPU device is its cores; TensorFlow's one pool of threads serves all devices of a process.
    intraOpThreads: isGpu ? 0 : Math.max(job.devices[0]?.cores.length ?? 1, 1),
    interOpThreads: isGpu ? 0 : job.devices.length + (group === null ? 0 : 1),
    precision: job.precision,
    group,
    execution: job.execution,
  })
}
