import { readdir, readFile } from 'node:fs/promises'

/** What a small file holds, without the end of its last line; null where it cannot be read. */
export async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}

/** The names in a folder; none where it cannot be read. */
export async function listFolder(path: string): Promise<string[]> {
  return await readdir(path).catch(() => [])
}

/** The number that a file holds; null for anything else. */
export async function readCount(path: string): Promise<number | null> {
  const text = await readText(path)
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}
