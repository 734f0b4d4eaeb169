import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundles TypeScript programs of `bench` into a folder of their own, where Node finds the packages they need. They read
 * the clone's place in `TANDEM_BENCH_ROOT`. The caller removes the folder.
 *
 * @param {Record<string, string>} programs name to path within `bench`; NAME.mjs is what lies in the folder
 * @param {{ isWhole?: boolean }} [options] whole: with the packages that they need in them, to be taken elsewhere
 * @returns {Promise<{ folder: string, remove(): Promise<void> }>}
 */
export async function buildPrograms(programs, { isWhole = false } = {}) {
  const cache = join(root, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'tandem-bench-'))
  const input = Object.entries(programs).map(([name, path]) => [name, join(root, 'bench', path)])
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      ...(isWhole && { ssr: { noExternal: true } }),
      build: {
        ssr: true,
        target: 'node20',
        outDir: folder,
        rolldownOptions: { input: Object.fromEntries(input), output: { entryFileNames: '[name].mjs' } },
      },
    })
  } catch (thrown) {
    await remove()
    throw thrown
  }
  process.env.TANDEM_BENCH_ROOT = root
  return { folder, remove }
}
