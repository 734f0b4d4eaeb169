import { copyFile, link, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The same files in another place, without their bytes where the file system allows that: what only root can reach
 * is made reachable to the ordinary user that the app runs as. Files that are there already are kept.
 */
export async function linkedCopy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await linkedCopy(source, copy)
    else if (entry.isFile()) await linkOrCopy(source, copy)
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return await copyFile(from, to)
    const [there, wanted] = await Promise.all([stat(to), stat(from)])
    if (there.size !== wanted.size) await copyFile(from, to)
  }
}
