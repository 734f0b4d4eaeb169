import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Why no library can be made here, for titles of tests; empty where one can. */
export const noCompiler =
  process.platform !== 'linux'
    ? ' (skipped: Linux only)'
    : compiler === undefined
      ? ' (skipped: no C compiler)'
      : ''

export interface CLibrary {
  path: string
  /** Where it lies, alone. */
  folder: string
  dispose(): void
}

/**
 * Compiles a source file of this folder into a shared library of the given name. `definitions` are the compiler's -D:
 * `{ HANGS_AFTER: 3 }`.
 */
export function compileLibrary(
  source: string,
  name: string,
  definitions: Record<string, number> = {},
): CLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-library-'))
  const path = join(folder, name)
  const flags = Object.entries(definitions).map(([key, value]) => `-D${key}=${value}`)
  const file = fileURLToPath(new URL(source, import.meta.url))
  execFileSync(compiler ?? 'cc', ['-shared', '-fPIC', '-Wall', '-Werror', ...flags, '-o', path, file])
  return { path, folder, dispose: () => rmSync(folder, { recursive: true, force: true }) }
}
