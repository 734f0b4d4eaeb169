import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes files from a folder of a cache's until the rest takes no more than `mostBytes`: those whose modification time
 * is the oldest first, which is when they were last used where readers set it. Never rejects: another process may be
 * doing the same, and a file that cannot be removed is left.
 */
export async function removeLeastRecent(directory: string, mostBytes: number): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  const files = (await Promise.all(names.map((name) => look(join(directory, name))))).flat()
  files.sort((a, b) => b.usedAtMs - a.usedAtMs)
  let keptBytes = 0
  for (const { path, bytes } of files) {
    keptBytes += bytes
    if (keptBytes > mostBytes) await rm(path, { force: true }).catch(() => {})
  }
}

async function look(path: string): Promise<{ path: string; bytes: number; usedAtMs: number }[]> {
  try {
    const { size, mtimeMs } = await stat(path)
    return [{ path, bytes: size, usedAtMs: mtimeMs }]
  } catch {
    return []
  }
}
