// Read before anything that opens many files: where few are allowed, Node itself fails, in words that mislead.
import { readFileSync } from 'node:fs'

const fewest = 256

/**
 * Why Tandem cannot run with so few open files, or null when it can.
 *
 * @param {string} limits as in `/proc/self/limits`
 * @returns {string | null}
 */
export function refuseOpenFiles(limits) {
  const [, allowed] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
  if (allowed === undefined || Number(allowed) >= fewest) return null
  return `tandem: ${allowed} open files are allowed, and Tandem needs ${fewest}. Raise the limit: ulimit -n 1024`
}

/** Ends the process with one clear message where too few open files are allowed. Linux only: elsewhere nothing tells. */
export function requireOpenFiles() {
  const refusal = refuseOpenFiles(readLimits())
  if (refusal === null) return
  console.error(refusal)
  process.exit(1)
}

function readLimits() {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
