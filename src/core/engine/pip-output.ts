import type { InstallProgress } from './install-progress.js'

/** Follows pip's standard output from line to line. */
export interface OutputReader {
  read: (line: string) => void
  /** What pip is doing, given what it has written into its temp folder so far. */
  progress: (receivedBytes: number) => InstallProgress
}

/** Not the `.whl.metadata` that newer pips fetch first. */
const announcement =
  /^\s*(?:Downloading|Using cached) (\S+\.whl)(?: \((\d+(?:\.\d+)?) (bytes|kB|MB|GB)\))?\s*$/

const unitBytes = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 } as const

/** Works on the lines that pip has printed since version 20: `Downloading NAME (274 MB)`, `Installing ...`. */
export function createOutputReader(): OutputReader {
  let phase: 'resolving' | 'downloading' | 'unpacking' = 'resolving'
  let packageName = ''
  let announcedBytes = 0
  let allAnnounced = true

  return {
    read(line) {
      if (line.startsWith('Installing collected packages')) phase = 'unpacking'
      const file = announcement.exec(line)
      if (file === null) return
      phase = 'downloading'
      packageName = readPackageName(file[1] ?? '')
      if (file[2] === undefined) allAnnounced = false
      else announcedBytes += Number(file[2]) * unitBytes[(file[3] ?? 'bytes') as keyof typeof unitBytes]
    },
    progress(receivedBytes) {
      if (phase !== 'downloading') return { phase }
      const totalBytes = allAnnounced ? Math.max(announcedBytes, receivedBytes) : null
      return { phase, package: packageName, receivedBytes, totalBytes }
    },
  }
}

/** `tensorflow_cpu` of a wheel's file name or address. */
function readPackageName(wheel: string): string {
  const fileName = wheel.slice(wheel.lastIndexOf('/') + 1)
  return fileName.split('-')[0] ?? fileName
}
