import { type MigInstance, namedMigInstances, namesMigInstances } from '../../shared/nvidia/mig.js'
import { parseSmiLine, type SmiGpu, smiFormat, smiNumber, smiQuery } from '../../shared/nvidia/smi-line.js'
import { hiddenGpus, visibleGpus } from '../../shared/nvidia/visible-gpus.js'
import { formatQuantity } from '../../shared/text/format.js'
import type { ProgramResult } from '../run-program.js'
import { hasNvidiaDriver } from './nvidia-driver.js'
import { isMissing, oddEnding, runNvidiaSmi } from './nvidia-smi.js'

export interface Gpu {
  /** nvidia-smi's number of it: CUDA's own with `CUDA_DEVICE_ORDER=PCI_BUS_ID`. Of a MIG instance, its place in the list. */
  index: number
  uuid: string
  memoryBytes: number | null
  model: string
}

export interface GpuDetection {
  /** Those that can be used and are visible to CUDA, by number. */
  gpus: Gpu[]
  driverVersion: string | null
  /** What is wrong with others, or hides them: lines for people. */
  problems: string[]
}

const fields = ['memory.total', 'driver_version'] as const
const mebibyte = 2 ** 20
const problemLength = 300

/**
 * The NVIDIA GPUs that a trainer started here could use, `CUDA_VISIBLE_DEVICES` heeded. Never throws. Whatever else
 * nvidia-smi says and however it ends, the GPUs that it lists as healthy count; the rest is told in `problems`.
 */
export async function detectGpus(
  environment: NodeJS.ProcessEnv = process.env,
  timeoutMs = 10_000,
): Promise<GpuDetection> {
  const query = [`--query-gpu=${smiQuery(fields)}`, smiFormat]
  const answer = await runNvidiaSmi(query, environment, timeoutMs)
  if (isMissing(answer)) return { gpus: [], driverVersion: null, problems: await whyUnasked() }
  const { gpus, faulty, driverVersion, problems } = readGpuList(answer, timeoutMs)
  const setting = environment.CUDA_VISIBLE_DEVICES
  const asksForMig = answer.ending === 'exited' && namesMigInstances(setting)
  if (asksForMig) {
    const { instances, unknown } = await listMigInstances(environment, timeoutMs)
    if (instances.length > 0) {
      const visible = visibleGpus(instances, setting).map((instance) => ({ ...instance, memoryBytes: null }))
      const counts = `${formatQuantity(gpus.length, 'GPU')}, ${formatQuantity(visible.length, 'MIG instance')}`
      const shown = `${counts} visible through CUDA_VISIBLE_DEVICES=${setting}`
      const end = unknown === null ? shown : `${shown}: ${unknown} is not a MIG instance of a listed GPU`
      const hidden = unknown === null ? hiddenGpus(instances, setting) : null
      return { gpus: visible, driverVersion, problems: [...problems, hidden ?? end] }
    }
  }
  // Numbers count the GPUs that cannot be used too.
  const listed = [...gpus, ...faulty]
  const hidden = hiddenGpus(listed, setting)
  const visible = visibleGpus(listed, setting)
  return {
    gpus: gpus.filter((gpu) => visible.includes(gpu)).sort((a, b) => a.index - b.index),
    driverVersion,
    problems: [...problems, ...(hidden === null ? [] : [hidden])],
  }
}

/** Reads nvidia-smi's answer, with how it ended. A GPU that is listed twice counts once. */
export function readGpuList(
  answer: Pick<ProgramResult, 'ending' | 'exitCode' | 'stdout' | 'stderr'>,
  timeoutMs: number,
): GpuDetection & { faulty: Pick<Gpu, 'index' | 'uuid'>[] } {
  const gpus = new Map<string, Gpu>()
  const faulty: Pick<Gpu, 'index' | 'uuid'>[] = []
  const faults: string[] = []
  const words: string[] = []
  let driverVersion: string | null = null
  // What kept it from starting is no output.
  const output = answer.ending === 'not-started' ? '' : `${answer.stdout}\n${answer.stderr}`
  for (const line of output.split(/[\r\n]+/)) {
    const read = parseSmiLine(line, fields)
    switch (read.kind) {
      case 'gpu':
        gpus.set(read.uuid, toGpu(read))
        driverVersion ??= versionIn(read.cells.driver_version)
        break
      case 'faulty':
        if (read.index !== null) faulty.push({ index: read.index, uuid: read.uuid ?? `index-${read.index}` })
        faults.push(`GPU ${read.index ?? '?'} cannot be used: nvidia-smi says ${read.fault}`)
        break
      case 'words':
        if (!words.includes(read.text)) words.push(read.text)
        break
      case 'nothing':
    }
  }
  const said = whatItSaid(words.join(' '), oddEnding(answer, timeoutMs))
  const problems = [...faults, ...(said === null ? [] : [said])]
  if (problems.length === 0 && gpus.size === 0) problems.push('nvidia-smi lists no GPU')
  return { gpus: [...gpus.values()], faulty, driverVersion, problems }
}

/** Its warnings and errors, and how it ended where that was odd; null for nothing of the kind. */
function whatItSaid(words: string, ending: string | null): string | null {
  if (words === '') return ending === null ? null : `nvidia-smi: ${ending}`
  return `nvidia-smi: ${shortened(words)}${ending === null ? '' : ` (${ending})`}`
}

function toGpu({ index, uuid, model, cells }: SmiGpu<(typeof fields)[number]>): Gpu {
  const memoryBytes = smiNumber(cells['memory.total'], 'memoryBytes', mebibyte)
  // Some drivers say 0 for memory that is the processor's.
  return { index, uuid, model, memoryBytes: memoryBytes === 0 ? null : memoryBytes }
}

/** "570.86.15"; null for a number with all bits set, and other things that are none. */
function versionIn(cell: string | null): string | null {
  return cell !== null && /^\d{2,4}(\.\d{1,5})+$/.test(cell) ? cell : null
}

/** Without nvidia-smi there is no GPU, unless CUDA programs can reach a driver. */
async function whyUnasked(): Promise<string[]> {
  if (!(await hasNvidiaDriver())) return []
  return ['there is an NVIDIA driver, but no nvidia-smi to list its GPUs']
}

async function listMigInstances(
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<{ instances: MigInstance[]; unknown: string | null }> {
  const { stdout } = await runNvidiaSmi(['-L'], environment, timeoutMs)
  return namedMigInstances(stdout, environment.CUDA_VISIBLE_DEVICES)
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > problemLength ? `${line.slice(0, problemLength - 1)}…` : line
}
