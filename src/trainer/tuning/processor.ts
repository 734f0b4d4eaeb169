import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** The processor as timings need it: its name, and where the system tells, which of that name it is exactly. */
export function processorName(): string {
  const model = cpus()[0]?.model.trim() ?? process.arch
  return [model, ...linuxDetails()].join(', ')
}

/** Virtual machines often say "AMD EPYC" and no more; family and model tell one generation from the next. */
function linuxDetails(): string[] {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8')
    return ['cpu family', 'model', 'stepping'].flatMap((name) => {
      const value = new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1]
      return value === undefined ? [] : [`${name} ${value}`]
    })
  } catch {
    return []
  }
}
