import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/**
 * A hash of files by name and content. Content rather than modification times: a checkout or a copy
 * changes the times of files that did not change, and keeps those of some that did. `seenFingerprint` remembers it.
 *
 * @param {string} root what names are relative to, so that a moved clone keeps its fingerprint
 * @param {string[]} paths files and folders under `root`; one that is missing counts as missing
 * @param {{ ignore?: (path: string) => boolean, facts?: string[] }} [options] `ignore` sees paths
 *   relative to `root` with forward slashes; `facts` are hashed along
 * @returns {Promise<string>}
 */
export async function fingerprint(root, paths, { ignore = () => false, facts = [] } = {}) {
  const files = (await Promise.all(paths.map((path) => filesUnder(join(root, path))))).flat()
  const names = files.map((file) => relative(root, file).split(sep).join('/')).filter((name) => !ignore(name))
  const hash = createHash('sha256').update(JSON.stringify(facts))
  for (const name of names.sort()) {
    const content = await readFile(join(root, name))
    hash.update(`\n${name}\n${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function filesUnder(path) {
  const found = await stat(path).catch(() => null)
  if (found === null) return []
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

/**
 * The fingerprint that an earlier set-up left in a stamp file; null where there is none.
 *
 * @param {string} path
 * @returns {Promise<string | null>}
 */
export async function readStamp(path) {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}
