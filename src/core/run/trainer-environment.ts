const gibibyte = 2 ** 30

/**
 * What glibc's allocator is told in a trainer (`man mallopt`). A step allocates and frees the same hundreds of megabytes
 * again and again. By default they go back to the kernel, which clears every page before it hands it out anew, and each
 * thread keeps memory of its own.
 */
const tunables: Readonly<Record<string, number>> = {
  // One arena: what one thread frees, another uses.
  'glibc.malloc.arena_max': 1,
  // Nothing is given back before the process ends.
  'glibc.malloc.mmap_threshold': 4 * gibibyte,
  'glibc.malloc.trim_threshold': 8 * gibibyte,
  'glibc.malloc.top_pad': gibibyte / 16,
  // Huge pages, where the system lets programs ask for them.
  'glibc.malloc.hugetlb': 1,
}

/**
 * The environment of a trainer: the host's, with an allocator that keeps its memory. Only glibc reads it, and what
 * somebody has set is left as it is.
 */
export function trainerEnvironment(host: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const text = Object.entries(tunables)
    .map(([name, value]) => `${name}=${value}`)
    .join(':')
  return { GLIBC_TUNABLES: text, ...host }
}
