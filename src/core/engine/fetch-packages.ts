import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProgramResult, runProgram } from '../run-program.js'
import type { InstallProgress } from './install-progress.js'
import { type Installer, requirementsText } from './installer.js'
import { installerFailure, noProgress } from './installer-failure.js'
import { createOutputReader } from './pip-output.js'
import type { EngineRelease } from './release.js'

export interface FetchOptions {
  /** An empty folder on the engine folder's disk; the packages end up in its child `packages`. */
  staging: string
  signal: AbortSignal
  /** Gives up when nothing arrives for this long while something is being fetched. */
  noProgressMs: number
  onProgress: (progress: InstallProgress) => void
}

const lookEveryMs = 250

/**
 * Lets the installer fetch a release and unpack it; returns the folder it unpacked into. Throws what
 * `installerFailure` makes of its words, or `engine-no-progress`, or the signal's reason.
 *
 * How much has arrived is read from the files that pip writes, because pips older than 24.1 tell no progress
 * to anything but a terminal. uv writes where it cannot be watched cheaply; it enforces the same limit itself
 * by its read timeout.
 */
export async function fetchPackages(
  installer: Installer,
  release: EngineRelease,
  options: FetchOptions,
): Promise<string> {
  const packages = join(options.staging, 'packages')
  const requirements = join(options.staging, 'requirements.txt')
  await writeFile(requirements, requirementsText(release))
  const stalled = new AbortController()
  const reader = createOutputReader()
  let seenBytes = 0
  let lastProgressAtMs = performance.now()

  const look = async (): Promise<void> => {
    const receivedBytes = await sumDownloads(options.staging)
    if (receivedBytes !== seenBytes) {
      seenBytes = receivedBytes
      lastProgressAtMs = performance.now()
    }
    const progress = reader.progress(receivedBytes)
    options.onProgress(progress)
    const fetching = installer.name === 'pip' && progress.phase !== 'unpacking'
    if (fetching && performance.now() - lastProgressAtMs > options.noProgressMs) stalled.abort()
  }

  const watch = repeat(look, lookEveryMs)
  let result: ProgramResult
  try {
    result = await runProgram(installer.command, installer.parameters(release, requirements, packages), {
      environment: { ...installer.environment, TMPDIR: options.staging },
      endsWithHost: true,
      signal: AbortSignal.any([options.signal, stalled.signal]),
      onStdoutLine: (line) => {
        lastProgressAtMs = performance.now()
        reader.read(line)
      },
    })
  } finally {
    await watch.stop()
  }
  options.signal.throwIfAborted()
  if (stalled.signal.aborted) throw noProgress(`no bytes for ${options.noProgressMs / 1000} s`)
  if (result.exitCode !== 0) throw installerFailure(installer, `${result.stdout}\n${result.stderr}`)
  return packages
}

/** pip downloads into folders `pip-unpack-*` of the temp folder, one file a package. */
async function sumDownloads(staging: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(staging).catch(() => [])) {
    if (!entry.startsWith('pip-unpack-')) continue
    for (const file of await readdir(join(staging, entry)).catch(() => [])) {
      bytes += (await stat(join(staging, entry, file)).catch(() => null))?.size ?? 0
    }
  }
  return bytes
}

/** Runs `action` again and again with a pause between, never twice at once; `stop` waits for the last one. */
function repeat(action: () => Promise<void>, pauseMs: number): { stop: () => Promise<void> } {
  let timer: NodeJS.Timeout
  let stopped = false
  let running = Promise.resolve()
  const next = (): void => {
    timer = setTimeout(() => {
      running = action().then(() => {
        if (!stopped) next()
      })
    }, pauseMs)
  }
  next()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
