import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SystemFolders } from '../../shared/machine/system-folders.js'

/** A folder that holds these files as Linux shows them below /proc and /sys. */
export async function madeUpSystem(
  files: Record<string, string>,
): Promise<SystemFolders & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-system-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), `${text}\n`)
  }
  return {
    proc: join(folder, 'proc'),
    sys: join(folder, 'sys'),
    remove: () => rm(folder, { recursive: true }),
  }
}
