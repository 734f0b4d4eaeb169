/** What an install is doing. Bytes are those of the compressed packages, as the installer announces them. */
export type InstallProgress =
  | { phase: 'waiting' }
  | { phase: 'resolving' }
  | { phase: 'downloading'; package: string; receivedBytes: number; totalBytes: number | null }
  | { phase: 'unpacking' }
  | { phase: 'verifying'; checkedBytes: number; totalBytes: number }

/** One line for people. */
export function describeProgress(progress: InstallProgress): string {
  switch (progress.phase) {
    case 'waiting':
      return 'Waiting for another install of the engine to finish'
    case 'resolving':
      return 'Asking the package index'
    case 'downloading': {
      const received = megabytes(progress.receivedBytes)
      if (progress.totalBytes === null) return `Downloading ${progress.package}: ${received} MB`
      const percent = Math.min(100, Math.floor((100 * progress.receivedBytes) / progress.totalBytes))
      return `Downloading ${progress.package}: ${received} of ${megabytes(progress.totalBytes)} MB (${percent} %)`
    }
    case 'unpacking':
      return 'Unpacking'
    case 'verifying': {
      const percent = Math.floor((100 * progress.checkedBytes) / Math.max(1, progress.totalBytes))
      return `Checking every byte against the published SHA-256 (${percent} %)`
    }
  }
}

/** How much of its present phase is done, 0 to 1; null where that is not known. */
export function progressShare(progress: InstallProgress): number | null {
  switch (progress.phase) {
    case 'waiting':
    case 'resolving':
    case 'unpacking':
      return null
    case 'downloading':
      if (progress.totalBytes === null) return null
      return Math.min(1, progress.receivedBytes / Math.max(1, progress.totalBytes))
    case 'verifying':
      return progress.checkedBytes / Math.max(1, progress.totalBytes)
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
