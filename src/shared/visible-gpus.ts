/**
 * What CUDA makes of `CUDA_VISIBLE_DEVICES`: a list of numbers or of beginnings of UUIDs, which counts up to
 * its first entry that names no GPU. All GPUs where it is not set; in the order of their numbers.
 */
export function visibleGpus<Gpu extends { index: number; uuid: string }>(
  gpus: readonly Gpu[],
  setting: string | undefined,
): Gpu[] {
  if (setting === undefined) return gpus.toSorted(byIndex)
  const visible: Gpu[] = []
  for (const entry of setting.split(',').map((text) => text.trim())) {
    const gpu = gpus.find(({ index, uuid }) =>
      entry.startsWith('GPU-') ? uuid.startsWith(entry) : entry === String(index),
    )
    if (gpu === undefined) break
    visible.push(gpu)
  }
  return visible.sort(byIndex)
}

function byIndex(a: { index: number }, b: { index: number }): number {
  return a.index - b.index
}
