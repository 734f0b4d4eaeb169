import { readdirSync, readFileSync } from 'node:fs'

/** The content of a file that the system may not have, or not show to us: null then. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** A file that holds one number, as those of sysfs do; null for any other. */
export function readNumber(path: string): number | null {
  const text = readText(path)?.trim() ?? ''
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}

/** The names in a folder, sorted; none where there is no such folder. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort()
  } catch {
    return []
  }
}
