import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { fingerprint, readStamp } from './fingerprint.mjs'
import { glimpse } from './glimpse.mjs'

/** The coarsest clock of a file system, FAT's, has steps of two seconds. */
const settledMs = 2_500

/**
 * `fingerprint`, from memory where the files look from outside as they did when it was computed: a fifth of the time,
 * and no file is read. A look is not remembered where it could not be told from one after another change.
 *
 * @param {string} root
 * @param {string[]} paths
 * @param {{ memory: string, ignore: (path: string) => boolean, nowMs?: () => number }} options `memory` is the file to
 *   remember in; its folder may be missing or read-only
 * @returns {Promise<string>}
 */
export async function seenFingerprint(root, paths, { memory, ignore, nowMs = Date.now }) {
  const seen = glimpse(root, paths, ignore)
  const seenAtMs = nowMs()
  const [known, digest] = ((await readStamp(memory)) ?? '').split(' ')
  if (known !== undefined && digest === seen.digest) return known

  const content = await fingerprint(root, paths, { ignore })
  const isSettled = seen.latestMs < seenAtMs - settledMs
  // Once more, for what changed while the files were read.
  if (isSettled && glimpse(root, paths, ignore).digest === seen.digest) {
    await remember(memory, `${content} ${seen.digest}\n`)
  }
  return content
}

/**
 * @param {string} memory
 * @param {string} text
 */
async function remember(memory, text) {
  const temporary = `${memory}.${randomUUID()}`
  try {
    await writeFile(temporary, text)
    await rename(temporary, memory)
  } catch {
    await rm(temporary, { force: true }).catch(() => {})
  }
}
