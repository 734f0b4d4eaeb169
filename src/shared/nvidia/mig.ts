/** A slice of a GPU that CUDA takes for a GPU: one to a process. */
export interface MigInstance {
  /** Its place in `CUDA_VISIBLE_DEVICES`, which is the number that a run gives it. */
  index: number
  uuid: string
  /** "NVIDIA A100-SXM4-80GB MIG 1g.10gb" */
  model: string
}

/** Whether `CUDA_VISIBLE_DEVICES` asks for MIG instances, which only `nvidia-smi -L` lists. */
export function namesMigInstances(setting: string | undefined): boolean {
  return /^\s*MIG-/i.test(setting ?? '')
}

/** The entries of such a setting, up to the first that is of another kind. */
export function migEntries(setting: string | undefined): string[] {
  const entries = (setting ?? '').split(',').map((entry) => entry.trim())
  const end = entries.findIndex((entry) => !namesMigInstances(entry))
  return end === -1 ? entries : entries.slice(0, end)
}

/**
 * The instances of an `nvidia-smi -L` that `CUDA_VISIBLE_DEVICES` names, in its order, up to the first name that is none.
 * Lines that list nothing are passed over.
 */
export function namedMigInstances(
  listing: string,
  setting: string | undefined,
): {
  instances: MigInstance[] /** Where CUDA stops reading; null if it reads all. */
  unknown: string | null
} {
  const listed: Omit<MigInstance, 'index'>[] = []
  let parent = 'NVIDIA GPU'
  for (const line of listing.split(/[\r\n]+/)) {
    const [, gpu] = /^GPU \d+: (.+?) \(UUID: /.exec(line) ?? []
    if (gpu !== undefined) parent = gpu
    const [, profile, uuid] = /^\s+(MIG \S+)\s+Device\s+\d+: \(UUID: (MIG-\S+)\)/.exec(line) ?? []
    if (profile !== undefined && uuid !== undefined) listed.push({ uuid, model: `${parent} ${profile}` })
  }
  const instances: MigInstance[] = []
  for (const [index, entry] of migEntries(setting).entries()) {
    const named = listed.filter(({ uuid }) => uuid.toLowerCase().startsWith(entry.toLowerCase()))
    const [instance] = named
    if (instance === undefined || named.length > 1) return { instances, unknown: entry }
    // Named twice it stays once: whoever reads the setting then finds it twice.
    if (instances.every(({ uuid }) => uuid !== instance.uuid)) instances.push({ index, ...instance })
  }
  return { instances, unknown: null }
}
