import { z } from 'zod'
import { visibleGpus } from '../../shared/visible-gpus.js'
import { runProgram } from '../run-program.js'

const gpuSchema = z.object({
  /** nvidia-smi's number of it: CUDA's own with `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  index: z.coerce.number().int().nonnegative(),
  uuid: z.string().startsWith('GPU-'),
  memoryBytes: z.number().positive().nullable(),
  driverVersion: z.string().regex(/^\d+(\.\d+)+$/),
  model: z.string().min(1),
})

export type Gpu = z.infer<typeof gpuSchema>

export interface GpuDetection {
  gpus: Gpu[]
  driverVersion: string | null
  /** Why none could be listed although there is an nvidia-smi; null otherwise. */
  problem: string | null
}

const query = 'index,uuid,memory.total,driver_version,name'

/**
 * The NVIDIA GPUs that a trainer started here would see, `CUDA_VISIBLE_DEVICES` heeded. Never throws: without
 * nvidia-smi there are none, and when it fails or hangs there are none and `problem` says why.
 */
export async function detectGpus(
  environment: NodeJS.ProcessEnv = process.env,
  timeoutMs = 10_000,
): Promise<GpuDetection> {
  const answer = await runProgram('nvidia-smi', [`--query-gpu=${query}`, '--format=csv,noheader,nounits'], {
    environment,
    timeoutMs,
  })
  if (answer.ending === 'not-started') return { gpus: [], driverVersion: null, problem: null }
  if (answer.ending !== 'exited') return failed(`nvidia-smi gave no answer within ${timeoutMs / 1000} s`)
  if (answer.exitCode !== 0) return failed(`nvidia-smi: ${(answer.stdout + answer.stderr).trim()}`)
  try {
    const gpus = parseGpuList(answer.stdout)
    const driverVersion = gpus[0]?.driverVersion ?? null
    return { gpus: visibleGpus(gpus, environment.CUDA_VISIBLE_DEVICES), driverVersion, problem: null }
  } catch {
    return failed(`nvidia-smi answered in an unknown way: ${answer.stdout.trim().slice(0, 200)}`)
  }
}

/**
 * Reads the answer to `query`, one GPU a line; throws on any line that is not one. Memory is in MiB, and
 * words in brackets where the GPU shares its memory with the processor.
 */
export function parseGpuList(csv: string): Gpu[] {
  const lines = csv.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [index, uuid, memory = '', driverVersion, ...name] = line.split(',').map((cell) => cell.trim())
    const memoryBytes = memory.startsWith('[') ? null : Number(memory) * 2 ** 20
    return gpuSchema.parse({ index, uuid, memoryBytes, driverVersion, model: name.join(', ') })
  })
}

function failed(problem: string): GpuDetection {
  return { gpus: [], driverVersion: null, problem }
}
