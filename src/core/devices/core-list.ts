/** `0-3,8` as Linux writes sets of cores (cpuset(7), "List format"); null when it is not that. */
export function parseCoreList(text: string): number[] | null {
  const cores: number[] = []
  for (const part of text.trim().split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (range === null) return null
    const first = Number(range[1])
    const last = Number(range[2] ?? first)
    for (let core = first; core <= last; core++) cores.push(core)
  }
  return cores
}
