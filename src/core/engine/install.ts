import { mkdir, mkdtemp, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { systemErrorCode } from '../../shared/system-error.js'
import { formatBytes } from '../../shared/text/format.js'
import { hasNvidiaDriver } from '../devices/nvidia-driver.js'
import { whyNotWritten } from '../results/output-file.js'
import { fetchPackages } from './fetch-packages.js'
import { withInstallLock } from './install-lock.js'
import type { InstallProgress } from './install-progress.js'
import { chooseInstaller, type Installer } from './installer.js'
import { damagedDownload, diskFull } from './installer-failure.js'
import { findMissingLibrary } from './library-folder.js'
import { type EngineLocation, engineFolder } from './location.js'
import { findWrongContent, type Manifest, readManifest, writeManifest } from './manifest.js'
import { currentPlatform } from './platform.js'
import {
  type EngineFlavour,
  type EngineRelease,
  engineRelease,
  engineVersion,
  type LockedPackage,
} from './release.js'
import { noteSeen } from './seen-files.js'
import { removeStaging, stagingPrefix } from './staging.js'
import { moveEngineFiles } from './wheel-record.js'

export interface InstallOptions {
  /** Default: `cuda` on Linux x64 with an NVIDIA driver, else `cpu`. */
  flavour?: EngineFlavour | undefined
  onProgress?: (progress: InstallProgress) => void
  /** Cancels; the promise then rejects with the code `cancelled`, with nothing running and nothing half-done. */
  signal?: AbortSignal
  environment?: NodeJS.ProcessEnv
  noProgressMs?: number
  /** Others in tests. */
  packages?: readonly LockedPackage[]
}

interface Job {
  folder: string
  release: EngineRelease
  installer: Installer
  signal: AbortSignal
  noProgressMs: number
  onProgress: (progress: InstallProgress) => void
}

/**
 * Installs TensorFlow's C libraries into Tandem's engine folder and says where they are. An engine of the
 * same version and flavour whose every byte is right is kept; anything else there is replaced, at once and
 * only when its successor is complete. An interrupted install is resumed by calling again, as far as pip's
 * cache goes. The user's Python is used, never changed.
 *
 * Throws `engine-unsupported-platform`, `engine-no-python`, `engine-no-pip`, `engine-disk-full`,
 * `engine-index-unreachable`, `engine-not-in-index`, `engine-no-progress`, `engine-download-damaged`,
 * `engine-install-failed` or `cancelled`.
 */
export async function installEngine(options: InstallOptions = {}): Promise<EngineLocation> {
  const environment = options.environment ?? process.env
  const signal = options.signal ?? new AbortController().signal
  try {
    signal.throwIfAborted()
    const published = await chooseRelease(options.flavour)
    const release = { ...published, packages: options.packages ?? published.packages }
    const job: Job = {
      folder: engineFolder(environment),
      release,
      installer: await chooseInstaller(environment),
      signal,
      noProgressMs: options.noProgressMs ?? 20_000,
      onProgress: options.onProgress ?? (() => undefined),
    }
    const onWait = (): void => job.onProgress({ phase: 'waiting' })
    return await withInstallLock(`${job.folder}.lock`, { signal, onWait }, () => installUnderLock(job))
  } catch (error) {
    if (signal.aborted) throw cancelled(error)
    if (isFull(error)) throw diskFull(whyNotWritten(error, engineFolder(environment)))
    throw error
  }
}

function isFull(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

async function chooseRelease(flavour: EngineFlavour | undefined): Promise<EngineRelease> {
  const platform = currentPlatform()
  if (flavour !== undefined) return engineRelease(platform, flavour)
  const canUseCuda = platform.system === 'linux' && platform.architecture === 'x64'
  return engineRelease(platform, canUseCuda && (await hasNvidiaDriver()) ? 'cuda' : 'cpu')
}

async function installUnderLock(job: Job): Promise<EngineLocation> {
  const present = await readManifest(job.folder)
  if (present !== null && (await isIntact(present, job))) return locationOf(present, job.folder)

  await removeStaging(job.folder)
  await requireSpace(job)
  const staging = await mkdtemp(stagingPrefix(job.folder))
  try {
    const { folder, manifest } = await stageEngine(job, staging)
    job.signal.throwIfAborted()
    await replaceFolder(folder, job.folder, join(staging, 'replaced'))
    return locationOf(manifest, job.folder)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function isIntact(manifest: Manifest, job: Job): Promise<boolean> {
  const wanted =
    manifest.tensorflowVersion === engineVersion &&
    manifest.flavour === job.release.flavour &&
    manifest.platform === platformName()
  return wanted && (await checkContent(manifest, job.folder, job)) === null
}

/** Fetches, keeps what is needed, verifies: the result is an engine folder except for its place. */
async function stageEngine(job: Job, staging: string): Promise<{ folder: string; manifest: Manifest }> {
  const packages = await fetchPackages(job.installer, job.release, { ...job, staging })
  const folder = join(staging, 'engine')
  await mkdir(folder)
  const files = await moveEngineFiles(packages, folder)
  const missing = await findMissingLibrary(join(folder, 'tensorflow'))
  if (missing !== null) throw damagedDownload(`the TensorFlow package is incomplete, there is ${missing}`)
  const manifest: Manifest = {
    format: 'tandem-engine',
    version: 1,
    tensorflowVersion: engineVersion,
    flavour: job.release.flavour,
    platform: platformName(),
    installedAt: new Date().toISOString(),
    files,
  }
  const wrong = await checkContent(manifest, folder, job)
  if (wrong !== null) throw damagedDownload(wrong)
  await noteSeen(folder, files)
  await writeManifest(folder, manifest)
  return { folder, manifest }
}

async function checkContent(manifest: Manifest, folder: string, job: Job): Promise<string | null> {
  const totalBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const onChecked = (checkedBytes: number): void =>
    job.onProgress({ phase: 'verifying', checkedBytes, totalBytes })
  onChecked(0)
  return await findWrongContent(folder, manifest.files, { signal: job.signal, onChecked })
}

/** A folder cannot be renamed onto another, so the old one steps aside first. */
async function replaceFolder(folder: string, destination: string, aside: string): Promise<void> {
  await rename(destination, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(folder, destination)
}

async function requireSpace({ folder, release }: Job): Promise<void> {
  const disk = await statfs(dirname(folder))
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes >= release.neededBytes) return
  throw diskFull(
    `${dirname(folder)} has ${formatBytes(freeBytes)} left, the install takes ${formatBytes(release.neededBytes)}`,
  )
}

function locationOf(manifest: Manifest, folder: string): EngineLocation {
  return {
    directory: join(folder, 'tensorflow'),
    version: manifest.tensorflowVersion,
    source: 'engine-folder',
    flavour: manifest.flavour,
  }
}

function platformName(): string {
  return `${process.platform} ${process.arch}`
}

function cancelled(cause: unknown): TandemError {
  return new TandemError(
    {
      code: 'cancelled',
      message: 'the install of the engine was stopped',
      hint: 'Run it again with: tandem engine install',
    },
    { cause },
  )
}
