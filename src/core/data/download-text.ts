import { assertNever } from '../../shared/errors.js'
import { formatBytes, formatPercent } from '../../shared/text/format.js'
import type { DownloadProgress } from './download.js'

/** One line for people. */
export function describeDownload(progress: DownloadProgress): string {
  switch (progress.phase) {
    case 'downloading': {
      const { receivedBytes, totalBytes } = progress
      return `Downloading CIFAR-10: ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)} (${formatPercent(receivedBytes / totalBytes)})`
    }
    case 'verifying':
      return 'Checking the download of CIFAR-10'
    case 'extracting':
      return 'Unpacking CIFAR-10'
    default:
      return assertNever(progress, 'phase of the download')
  }
}
