import { join, resolve } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { detectFlavour, findMissingLibrary, readPackageVersion } from './library-folder.js'
import { type EngineAttempt, type EngineLocation, type EngineSource, engineFolder } from './location.js'
import { readManifest } from './manifest.js'
import { findPythons } from './python.js'
import { engineVersion, isSupportedVersion, libraryNames } from './release.js'
import { findWrongFile } from './seen-files.js'

export interface LocateOptions {
  /** A folder that someone chose in the settings or on the command line. */
  directory?: string | undefined
  environment?: NodeJS.ProcessEnv
}

export interface EngineSearch {
  engine: EngineLocation | null
  /** Where it was searched in vain before it was found, in order. */
  attempts: EngineAttempt[]
}

type Finding = { engine: EngineLocation } | { attempt: EngineAttempt }

/** The first libtensorflow that is found, or null. See `searchEngine`. */
export async function locateEngine(options: LocateOptions = {}): Promise<EngineLocation | null> {
  return (await searchEngine(options)).engine
}

/**
 * Looks for libtensorflow: in the folder named by the setting, in the one named by
 * `TANDEM_TENSORFLOW_DIR`, in Tandem's own engine folder, in the Python on PATH. The first one wins.
 * Throws `engine-folder-invalid` when a named folder does not hold it: someone meant that folder, and
 * going on with another would measure something else.
 */
export async function searchEngine(options: LocateOptions = {}): Promise<EngineSearch> {
  const environment = options.environment ?? process.env
  const searches = [
    () => searchNamedFolder('setting', '--tensorflow-dir', options.directory),
    () => searchNamedFolder('environment', 'TANDEM_TENSORFLOW_DIR', environment.TANDEM_TENSORFLOW_DIR),
    () => searchEngineFolder(engineFolder(environment)),
    () => searchPython(environment),
  ]
  const attempts: EngineAttempt[] = []
  for (const search of searches) {
    const finding = await search()
    if ('engine' in finding) return { engine: finding.engine, attempts }
    attempts.push(finding.attempt)
  }
  return { engine: null, attempts }
}

async function searchNamedFolder(
  source: EngineSource,
  name: string,
  named: string | undefined,
): Promise<Finding> {
  if (named === undefined || named === '') return inVain(source, name, 'not set')
  const directory = resolve(named)
  const missing = await findMissingLibrary(directory)
  if (missing !== null) {
    const [framework, cc] = libraryNames(process.platform)
    throw new TandemError({
      code: 'engine-folder-invalid',
      message: `${name} names the TensorFlow folder ${directory}, but there is ${missing}`,
      hint: `Name the folder that holds ${framework} and ${cc}: usually "tensorflow" within a Python's site-packages.`,
    })
  }
  const version = await readPackageVersion(directory)
  return { engine: { directory, version, source, flavour: await detectFlavour(directory) } }
}

async function searchEngineFolder(folder: string): Promise<Finding> {
  const manifest = await readManifest(folder)
  if (manifest === null) return inVain('engine-folder', folder, 'no engine installed')
  const platform = `${process.platform} ${process.arch}`
  if (manifest.platform !== platform) {
    return inVain('engine-folder', folder, `its engine is for ${manifest.platform}, this is ${platform}`)
  }
  if (!isSupportedVersion(manifest.tensorflowVersion)) {
    return inVain('engine-folder', folder, wrongVersion(manifest.tensorflowVersion))
  }
  const wrong = await findWrongFile(folder, manifest.files)
  if (wrong !== null) return inVain('engine-folder', folder, `damaged: ${wrong}`)
  const directory = join(folder, 'tensorflow')
  return {
    engine: {
      directory,
      version: manifest.tensorflowVersion,
      source: 'engine-folder',
      flavour: manifest.flavour,
    },
  }
}

async function searchPython(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const pythons = await findPythons(environment)
  const [first] = pythons
  if (first === undefined) return inVain('python', 'PATH', 'no Python on PATH answers')
  const withTensorflow = pythons.find((python) => python.tensorflow !== null)
  if (withTensorflow?.tensorflow == null) return inVain('python', first.command, 'it has no TensorFlow')
  const { directory, version } = withTensorflow.tensorflow
  if (version === null || !isSupportedVersion(version)) {
    return inVain('python', withTensorflow.command, wrongVersion(version ?? 'of unknown version'))
  }
  const missing = await findMissingLibrary(directory)
  if (missing !== null) return inVain('python', directory, missing)
  return { engine: { directory, version, source: 'python', flavour: await detectFlavour(directory) } }
}

function inVain(source: EngineSource, place: string, reason: string): { attempt: EngineAttempt } {
  return { attempt: { source, place, reason } }
}

function wrongVersion(version: string): string {
  return `its TensorFlow is ${version}; Tandem works with ${engineVersion.replace(/\.\d+$/, '')}`
}
