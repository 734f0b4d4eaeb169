import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

export interface BuiltWorker {
  url: URL
  /** The folder it lies in, for scripts that tests put beside it. */
  directory: string
  remove(): Promise<void>
}

/** Builds the data worker as the product's build does, into a folder of its own: threads load no TypeScript. */
export async function buildDataWorker(): Promise<BuiltWorker> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-data-worker-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      outDir: directory,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'data-worker.mjs' } },
    },
  })
  return {
    url: pathToFileURL(join(directory, 'data-worker.mjs')),
    directory,
    remove: () => rm(directory, { recursive: true }),
  }
}
