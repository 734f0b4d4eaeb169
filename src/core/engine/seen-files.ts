import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../results/output-file.js'
import { findWrongContent, findWrongSize, type ManifestFile } from './manifest.js'

/*
 * `seen.json` beside the manifest: what the file system said of each file when its every byte was last found right. As
 * long as it says the same, a start need not read a gigabyte.
 */

/** Which file is missing, cut or changed, or null. Reads all bytes only where a file is not the one that was seen. */
export async function findWrongFile(folder: string, files: readonly ManifestFile[]): Promise<string | null> {
  const wrongSize = await findWrongSize(folder, files)
  if (wrongSize !== null) return wrongSize
  const looks = await looksOf(folder, files)
  if (looks === (await readFile(seenFile(folder), 'utf8').catch(() => null))) return null
  const wrong = await findWrongContent(folder, files)
  if (wrong === null) await remember(folder, looks)
  return wrong
}

/** Notes that every byte of these files was just found right. */
export async function noteSeen(folder: string, files: readonly ManifestFile[]): Promise<void> {
  await remember(folder, await looksOf(folder, files))
}

/** Never rejects: in a folder that this user may not write, every start reads all bytes. */
async function remember(folder: string, looks: string): Promise<void> {
  await replaceFile(seenFile(folder), looks).catch(() => {})
}

/** The time of the last change of any kind is with it: unlike that of the content, no program can set it back. */
async function looksOf(folder: string, files: readonly ManifestFile[]): Promise<string> {
  const looks = await Promise.all(
    files.map(async ({ path }) => {
      const { size, mtimeNs, ctimeNs, ino } = await stat(join(folder, path), { bigint: true })
      return [path, [size, mtimeNs, ctimeNs, ino].map(String)]
    }),
  )
  return `${JSON.stringify(Object.fromEntries(looks), null, 2)}\n`
}

function seenFile(folder: string): string {
  return join(folder, 'seen.json')
}
