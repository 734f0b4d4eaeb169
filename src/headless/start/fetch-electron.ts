import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SilenceWatchdog } from '../../core/child/silence-watchdog.js'
import { runProgram } from '../../core/run-program.js'
import { TandemError } from '../../shared/errors.js'
import { formatBytes, formatPercent } from '../../shared/text/format.js'

export interface ElectronFetch {
  /** The installed package `electron`. */
  packageDirectory: string
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
  /** One line for people. */
  onStatus(text: string): void
  /** How long no bytes may come. */
  stallMs?: number
}

const usualStallMs = 20_000
const unpackMs = 5 * 60_000

/** What is used of `@electron/get`, the package with which Electron fetches itself. */
interface ElectronGet {
  downloadArtifact(artifact: {
    version: string
    artifactName: 'electron'
    platform: string
    arch: string
    checksums: Record<string, string>
    cacheRoot?: string
    downloadOptions: {
      quiet: true
      signal: AbortSignal
      getProgressCallback(progress: { transferred: number; total: number | null }): void
    }
  }): Promise<string>
}

/**
 * Fetches the program that belongs to the installed package `electron`, by the user's own settings for that (mirror,
 * cache, proxy), checks it, and unpacks it where the package looks for it.
 *
 * Throws `electron-not-fetched`, and `cancelled` when `signal` fires. Either way what was half done is removed.
 */
export async function fetchElectron(fetch: ElectronFetch): Promise<void> {
  const { packageDirectory, environment, signal, onStatus, stallMs = usualStallMs } = fetch
  const stalled = new AbortController()
  const watchdog = new SilenceWatchdog(stallMs, () => stalled.abort())
  try {
    await download(fetch, AbortSignal.any([signal, stalled.signal]), () => watchdog.heard())
  } catch (cause) {
    if (signal.aborted) throw cancelled()
    throw notFetched(
      stalled.signal.aborted ? `no bytes came for ${stallMs / 1000} s` : reasonOf(cause),
      cause,
    )
  } finally {
    watchdog.close()
  }

  onStatus('Unpacking Electron')
  // Finds what was fetched in the cache. It is made for another platform only if someone says so in variables that
  // npm has for it; but then Tandem's other packages would not fit.
  const { platform, arch } = process
  const outcome = await runProgram(process.execPath, [join(packageDirectory, 'install.js')], {
    environment: { ...environment, ELECTRON_INSTALL_PLATFORM: platform, ELECTRON_INSTALL_ARCH: arch },
    signal,
    timeoutMs: unpackMs,
    endsWithHost: true,
  })
  if (outcome.ending === 'stopped') throw cancelled()
  if (outcome.exitCode !== 0) throw notFetched(lastLine(outcome.stderr) ?? 'it could not be unpacked')
}

async function download(
  { packageDirectory, environment, onStatus }: ElectronFetch,
  signal: AbortSignal,
  onBytes: () => void,
): Promise<void> {
  const fromPackage = createRequire(join(packageDirectory, 'package.json'))
  const { version } = fromPackage('./package.json') as { version: string }
  const { downloadArtifact } = (await import(
    pathToFileURL(fromPackage.resolve('@electron/get')).href
  )) as ElectronGet
  onStatus(`Downloading Electron ${version}`)
  await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums: fromPackage('./checksums.json') as Record<string, string>,
    // As Electron's own install.js, so that it finds what was fetched.
    ...(environment.electron_config_cache && { cacheRoot: environment.electron_config_cache }),
    downloadOptions: {
      quiet: true,
      signal,
      getProgressCallback({ transferred, total }) {
        onBytes()
        const share =
          total === null ? '' : ` of ${formatBytes(total)} (${formatPercent(transferred / total)})`
        onStatus(`Downloading Electron ${version}: ${formatBytes(transferred)}${share}`)
      },
    },
  })
}

/** `fetch` says no more than that it failed; why is in its cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  return cause instanceof Error ? (cause.message.split('\n')[0] as string) : String(cause)
}

function lastLine(text: string): string | null {
  return text.trim().split('\n').at(-1) || null
}

function notFetched(why: string, cause?: unknown): TandemError {
  return new TandemError(
    {
      code: 'electron-not-fetched',
      message: why,
      hint: 'Check the network, and ELECTRON_MIRROR if you use a mirror; `npx install-electron` tries again at once.',
    },
    { cause },
  )
}

function cancelled(): TandemError {
  return new TandemError({ code: 'cancelled', message: 'stopped while Electron was downloaded', hint: '' })
}
