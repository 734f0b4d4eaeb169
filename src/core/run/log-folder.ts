import { join } from 'node:path'
import type { TrainerHost } from './trainer-process.js'

/** The host with its trainers' output in a folder of its own within the run's: by measurement. */
export function logTo(host: TrainerHost, part: string): TrainerHost {
  return { ...host, logDirectory: host.logDirectory && join(host.logDirectory, part) }
}
