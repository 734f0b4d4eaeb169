import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { identityOf, ownIdentity, type ProcessIdentity } from '../run/process-identity.js'

/** What a host had begun that outlives a kill: a line of its ledger. */
export type LedgerLine =
  /** A folder in which it puts files under names that say whose they are. */
  { folder: string } | { child: ProcessIdentity }

/** Where hosts note what they begin, a file each. */
export function ledgerFolder(dataFolder: string): string {
  return join(dataFolder, 'hosts')
}

export function ledgerName({ pid, startTime }: ProcessIdentity): string {
  return `${pid}-${startTime}.jsonl`
}

let path: string | null = null
let noted = new Set<string>()

/**
 * From now on, this process notes what it begins, so that a later start can finish or remove it where this one is
 * killed. There is one ledger for a process, as there is one process to be killed; it is gone when the process ends by
 * itself. The file is made with its first line.
 */
export function keepLedger(dataFolder: string): void {
  closeLedger()
  path = join(ledgerFolder(dataFolder), ledgerName(ownIdentity()))
  process.once('exit', closeLedger)
}

/** Stops noting, and forgets what was noted: nothing is left of it. */
export function closeLedger(): void {
  if (path === null) return
  process.off('exit', closeLedger)
  if (noted.size > 0) rmSync(path, { force: true })
  noted = new Set()
  path = null
}

/** A folder in which files are about to be made under names that say whose they are. */
export function noteFolder(folder: string): void {
  note({ folder })
}

/** A child that was started; nothing where it was not. */
export function noteChild(pid: number | undefined): void {
  const child = pid === undefined ? null : identityOf(pid)
  if (child !== null) note({ child })
}

/** At once, and without waiting for the disk: what is killed in the next moment must be in it. A full disk costs it. */
function note(line: LedgerLine): void {
  const text = JSON.stringify(line)
  if (path === null || noted.has(text)) return
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    appendFileSync(path, `${text}\n`, { mode: 0o600 })
    noted.add(text)
  } catch {
    // The run matters more.
  }
}
