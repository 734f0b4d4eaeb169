/** `0-2,5` as Linux writes sets of cores: cpuset(7), "List format". */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
}

/** The inverse of `parseCoreList`; `cores` in ascending order. */
export function formatCoreList(cores: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const core of cores) {
    const current = ranges.at(-1)
    if (current !== undefined && core === current.last + 1) current.last = core
    else ranges.push({ first: core, last: core })
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
