import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What can be seen of files without reading them: `digest`, of their names, sizes, inode numbers and times, and
 * `latestMs`, the latest of those times. Equal glimpses mean equal contents, if no file had just been changed when the
 * first was taken: a file system's clock may give two changes within a moment the same time. The time of the last
 * change of any kind (ctime) is among them, which nobody can set: a checkout or a copy that keeps other times is seen.
 *
 * @param {string} root
 * @param {string[]} paths files and folders under `root`; one that is missing counts as missing
 * @param {(path: string) => boolean} isIgnored sees paths relative to `root` with forward slashes
 * @returns {{ digest: string, latestMs: number }}
 */
export function glimpse(root, paths, isIgnored) {
  /** @type {string[]} */
  const lines = []
  let latestMs = 0

  /** @param {string} path */
  function look(path) {
    const seen = statSync(join(root, path), { bigint: true, throwIfNoEntry: false })
    if (seen === undefined) return
    if (seen.isDirectory()) {
      lookInto(path)
      return
    }
    lines.push(`${path} ${seen.size} ${seen.ino} ${seen.mtimeNs} ${seen.ctimeNs}`)
    latestMs = Math.max(latestMs, Number(seen.mtimeMs), Number(seen.ctimeMs))
  }

  /** @param {string} folder */
  function lookInto(folder) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) lookInto(path)
      else if (!isIgnored(path)) look(path)
    }
  }

  for (const path of paths) look(path)
  const digest = createHash('sha256').update(lines.sort().join('\n')).digest('hex')
  return { digest, latestMs }
}
