import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export interface BuiltEntry {
  /** The JavaScript file of the first entry; the others lie beside it, each named after its source. */
  path: string
  dispose(): Promise<void>
}

const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Bundles TypeScript entries for Node, as the real build does, so that a test can start them as processes or
 * worker threads. Packages stay outside the bundle; the output therefore lies where they can be found.
 * Paths are relative to `src`.
 */
export async function buildForNode(entry: string, ...beside: string[]): Promise<BuiltEntry> {
  const cache = join(repositoryRoot, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const outDir = await mkdtemp(join(cache, 'tandem-test-'))
  const dispose = () => rm(outDir, { recursive: true, force: true })
  try {
    const input = Object.fromEntries([entry, ...beside].map((file) => [entryName(file), sourceFile(file)]))
    await build({
      configFile: false,
      root: repositoryRoot,
      logLevel: 'error',
      build: {
        ssr: true,
        target: 'node20',
        outDir,
        emptyOutDir: false,
        rolldownOptions: { input, output: { entryFileNames: '[name].js', format: 'es' } },
      },
    })
    await writeFile(join(outDir, 'package.json'), '{ "type": "module" }\n')
    return { path: join(outDir, `${entryName(entry)}.js`), dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

function sourceFile(path: string): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', path)
}

function entryName(path: string): string {
  return basename(path, '.ts')
}
