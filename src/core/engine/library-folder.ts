import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type EngineFlavour, libraryNames } from './release.js'

/** Which library a folder lacks, in words, or null when it has both. */
export async function findMissingLibrary(
  directory: string,
  system: NodeJS.Platform = process.platform,
): Promise<string | null> {
  for (const name of libraryNames(system)) {
    const found = await stat(join(directory, name)).catch(() => null)
    if (found === null) return `no ${name} in it`
    if (!found.isFile() || found.size === 0) return `${name} in it is empty or not a file`
  }
  return null
}

/** The version in the package metadata beside a `tensorflow` folder, or null without any. */
export async function readPackageVersion(directory: string): Promise<string | null> {
  for (const name of await listNames(dirname(directory))) {
    const version = /^tensorflow(?:_cpu|_gpu|_macos)?-(\d[^-]*)\.dist-info$/.exec(name)?.[1]
    if (version !== undefined) return version
  }
  return null
}

/**
 * `cuda` when TensorFlow was built with it and its CUDA libraries lie where it looks for them, beside
 * itself. A CUDA build without them loads, but runs on the processor.
 */
export async function detectFlavour(directory: string): Promise<EngineFlavour> {
  const cudaLibraries = await listNames(join(dirname(directory), 'nvidia'))
  if (!cudaLibraries.includes('cudnn')) return 'cpu'
  const buildInfo = await readFile(join(directory, 'python', 'platform', 'build_info.py'), 'utf8').catch(
    () => '',
  )
  return buildInfo.includes("('is_cuda_build', False)") ? 'cpu' : 'cuda'
}

async function listNames(directory: string): Promise<string[]> {
  return await readdir(directory).catch((): string[] => [])
}
