import { formatQuantity } from '../text/format.js'

interface NamedGpu {
  index: number
  uuid: string
}

/**
 * What CUDA makes of `CUDA_VISIBLE_DEVICES`: a list of numbers or of beginnings of UUIDs, which counts up to its first
 * entry that names no GPU or is of another kind than the first, and shows none where one is named twice. Of an entry that
 * begins with a number only the number is read. All GPUs where it is not set; in the order of their numbers.
 *
 * Source: CUDA's Programming Guide on environment variables, and the parser of torch.cuda, which was tested against
 * the driver (pytorch/pytorch#92315).
 */
export function visibleGpus<Gpu extends NamedGpu>(gpus: readonly Gpu[], setting: string | undefined): Gpu[] {
  return readSetting(gpus, setting).visible.toSorted((a, b) => a.index - b.index)
}

/** Why fewer GPUs are visible than there are: "2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES=none"; null if all are. */
export function hiddenGpus(gpus: readonly NamedGpu[], setting: string | undefined): string | null {
  const { visible, reason } = readSetting(gpus, setting)
  if (setting === undefined || gpus.length === 0 || visible.length === gpus.length) return null
  const shown = setting === '' ? '"" (set, but empty)' : setting
  const counts = `${formatQuantity(gpus.length, 'GPU')}, ${visible.length} visible through CUDA_VISIBLE_DEVICES=${shown}`
  return reason === null ? counts : `${counts}: ${reason}`
}

function readSetting<Gpu extends NamedGpu>(
  gpus: readonly Gpu[],
  setting: string | undefined,
): { visible: Gpu[]; reason: string | null } {
  if (setting === undefined) return { visible: [...gpus], reason: null }
  const visible: Gpu[] = []
  const entries = setting.split(',').map((text) => text.trim())
  for (const entry of entries) {
    if (kindOf(entry) !== kindOf(entries[0] ?? '')) {
      const reason = `"${entry}" is of a different kind from the entries before it, and CUDA stops reading there`
      return { visible, reason: entry === '' ? null : reason }
    }
    const gpu = namedGpu(gpus, entry)
    if (gpu === null) return { visible, reason: entry === '' ? null : whyNone(entry) }
    if (visible.includes(gpu)) {
      return { visible: [], reason: `it names GPU ${gpu.index} twice, so CUDA shows none` }
    }
    visible.push(gpu)
  }
  const odd = entries.find((entry) => /^[+-]?\d/.test(entry) && !/^[+-]?\d+$/.test(entry))
  if (odd === undefined) return { visible, reason: null }
  const number = Number.parseInt(odd, 10)
  return { visible, reason: `CUDA reads "${odd}" as ${number}; numbers are separated by commas` }
}

function kindOf(entry: string): 'GPU' | 'MIG' | 'number' {
  if (/^GPU-/i.test(entry)) return 'GPU'
  return /^MIG-/i.test(entry) ? 'MIG' : 'number'
}

function namedGpu<Gpu extends NamedGpu>(gpus: readonly Gpu[], entry: string): Gpu | null {
  if (/^(GPU|MIG)-/i.test(entry)) {
    const candidates = gpus.filter(({ uuid }) => uuid.toLowerCase().startsWith(entry.toLowerCase()))
    return candidates.length === 1 ? (candidates[0] as Gpu) : null
  }
  const number = Number.parseInt(entry, 10)
  return gpus.find(({ index }) => index === number) ?? null
}

function whyNone(entry: string): string {
  if (/^MIG-/i.test(entry)) return `${entry} is not a MIG instance of a listed GPU`
  if (/^-\d/.test(entry)) return `${entry} ends the list`
  if (/^GPU-/i.test(entry))
    return `no GPU's UUID begins with ${entry}, or more than one does, and CUDA stops reading there`
  if (/^\+?\d/.test(entry)) return `there is no GPU ${entry}, and CUDA stops reading there`
  return `"${entry}" is neither a number nor a UUID, and CUDA stops reading there`
}
