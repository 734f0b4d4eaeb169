import { TandemError } from '../../shared/errors.js'
import type { Installer } from './installer.js'

/**
 * Turns what pip or uv said before it failed into one of our errors. Neither has exit codes for causes, so
 * the words decide: names of exceptions, which are not translated. The order of the rules matters, since pip
 * ends every failed search with "No matching distribution found".
 */
export function installerFailure(installer: Pick<Installer, 'name'>, output: string): TandemError {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  for (const { pattern, toError } of rules) {
    const telling = lines.find((line) => pattern.test(line))
    if (telling !== undefined) return toError(quote(installer, telling))
  }
  const telling = lines.findLast((line) => /^error/i.test(line)) ?? lines.at(-1) ?? 'nothing'
  return new TandemError({
    code: 'engine-install-failed',
    message: `TensorFlow could not be installed; ${quote(installer, telling)}`,
    hint: 'Fix what it says, then run: tandem engine install',
  })
}

export function diskFull(detail: string): TandemError {
  return new TandemError({
    code: 'engine-disk-full',
    message: `there is not enough disk space for the engine: ${detail}`,
    hint: 'Free some, or name a folder on another disk with TANDEM_CACHE_DIR, then run: tandem engine install',
  })
}

export function damagedDownload(detail: string): TandemError {
  return new TandemError({
    code: 'engine-download-damaged',
    message: `the download arrived incomplete or changed: ${detail}`,
    hint: 'Run: tandem engine install. If it happens again, run "pip cache purge" first, or ask who runs your package index.',
  })
}

export function noProgress(detail: string): TandemError {
  return new TandemError({
    code: 'engine-no-progress',
    message: `the package index sends nothing: ${detail}`,
    hint: 'Tandem runs on its WebAssembly backend meanwhile. Later, run: tandem engine install',
  })
}

function unreachable(detail: string): TandemError {
  return new TandemError({
    code: 'engine-index-unreachable',
    message: `the Python package index cannot be reached; ${detail}`,
    hint: 'Check the network, and the proxy and index that pip is configured with (pip config list), then run: tandem engine install',
  })
}

function notInIndex(detail: string): TandemError {
  return new TandemError({
    code: 'engine-not-in-index',
    message: `the package index does not offer the TensorFlow that Tandem needs; ${detail}`,
    hint: 'Check which index pip is configured with (pip config list); it must offer wheels for Python 3.11.',
  })
}

const rules: { pattern: RegExp; toError: (detail: string) => TandemError }[] = [
  {
    pattern: /Errno (28|122)\b|No space left on device|Disk quota exceeded|os error (28|122)\b/,
    toError: diskFull,
  },
  {
    pattern:
      /DO NOT MATCH THE HASHES|hash mismatch|BadZipFile|IncompleteRead|not enough bytes|invalid wheel|wheel.* is invalid|invalid zip|failed to extract/i,
    toError: damagedDownload,
  },
  { pattern: /Read timed out|ReadTimeoutError|operation timed out/, toError: noProgress },
  {
    pattern:
      /NewConnectionError|NameResolutionError|ConnectTimeoutError|ConnectionResetError|RemoteDisconnected|ProxyError|SSLError|connection broken|error sending request/i,
    toError: unreachable,
  },
  {
    pattern: /No matching distribution found|No solution found|not found in the package registry/,
    toError: notInIndex,
  },
]

/** Without the addresses of Python's objects. */
function quote(installer: Pick<Installer, 'name'>, line: string): string {
  return `${installer.name} says: ${line.replace(/<[^>]* at 0x\w+>:? ?/g, '').slice(0, 400)}`
}
