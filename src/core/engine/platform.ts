import type { Platform } from './release.js'

/** The platform that this process runs on. */
export function currentPlatform(): Platform {
  const { platform: system, arch: architecture } = process
  if (system !== 'linux') return { system, architecture, cLibrary: 'system' }
  return { system, architecture, cLibrary: runsOnGlibc() ? 'glibc' : 'other' }
}

/** Node reports the version of the GNU C library that it runs on; on musl there is none to report. */
function runsOnGlibc(): boolean {
  // Without this a report looks up the names of all network peers.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime !== undefined
}
