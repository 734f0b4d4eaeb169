import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import type { Backend } from '../backend.js'
import { createTensorFlowBackend } from '../runtime/tensorflow-backend.js'

/** What an engine has to know of a job to be started for it. */
export type BackendJob = Pick<
  TrainerJob,
  'backend' | 'devices' | 'rank' | 'precision' | 'execution' | 'collective'
>

/**
 * The engine that the job names, with the job's devices. A job that exchanges gradients through TensorFlow
 * opens its rank's port here.
 * @throws TandemError `address-in-use` if another program has that port.
 */
export async function createBackend(job: BackendJob): Promise<Backend> {
  switch (job.backend.name) {
    case 'wasm':
      // Loaded where it is used: on TensorFlow it would take a trainer a twentieth of a second for nothing.
      return (await import('../kernels/wasm/wasm-backend.js')).createWasmBackend({
        deviceCount: job.devices.length,
      })
    case 'tensorflow':
      return await createTensorFlow(job, job.backend.libraryDir)
    case 'pytorch':
      throw new TandemError({
        code: 'internal',
        message: 'PyTorch has a trainer of its own',
        hint: 'This is a defect in Tandem; please report it with the log.',
      })
    default:
      return assertNever(job.backend, 'engine')
  }
}

async function createTensorFlow(job: BackendJob, libraryDir: string): Promise<Backend> {
  const isGpu = job.devices[0]?.kind === 'gpu'
  const group =
    job.collective?.kind === 'tensorflow' ? { addresses: job.collective.addresses, rank: job.rank } : null
  try {
    return await createTensorFlowBackend({
      libraryDir,
      devices: isGpu
        ? { kind: 'gpu', names: job.devices.map(({ index, uuid }) => uuid ?? String(index)) }
        : { kind: 'cpu', count: job.devices.length },
      intraOpThreads: intraOpThreads(job),
      // One more in a group, so that operations run on while one waits for the other ranks.
      interOpThreads: isGpu ? 0 : job.devices.length + (group === null ? 0 : 1),
      precision: job.precision,
      group,
      execution: job.execution,
    })
  } catch (thrown) {
    throw isServerFailure(thrown) ? addressInUse(group?.addresses[job.rank] ?? '', thrown) : thrown
  }
}

/**
 * Threads of one operation; 0 leaves it to TensorFlow. A CPU device is its cores; TensorFlow's one pool of threads
 * serves all devices of a process.
 */
export function intraOpThreads({ devices: [device] }: Pick<TrainerJob, 'devices'>): number {
  return device?.kind === 'gpu' ? 0 : Math.max(device?.cores.length ?? 1, 1)
}

/** TensorFlow logs why its server does not start but throws no more than that. A taken port it nearly always is. */
function isServerFailure(thrown: unknown): thrown is TandemError {
  return thrown instanceof TandemError && thrown.message.includes('Could not start gRPC server')
}

function addressInUse(address: string, cause: TandemError): TandemError {
  return new TandemError(
    {
      code: 'address-in-use',
      message: `TensorFlow cannot listen at ${address}: address already in use`,
      hint: 'Another program took this port just now; start again.',
    },
    { cause },
  )
}
