import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { linesOf } from '../files/lines.js'
import { readPieces } from '../files/read-pieces.js'
import { hostOfCollective } from '../run/collective-files.js'
import { isAlive, type ProcessIdentity } from '../run/process-identity.js'
import { type LedgerLine, ledgerFolder } from './ledger.js'
import { ownerOfTemporary } from './temporary-name.js'

const ledgerNamePattern = /^(\d+)-(\d+)\.jsonl$/
const longestLine = 10_000
/** A path of a folder, or a process: what a ledger may say, and no more is done with it than with these. */
const lineSchema: z.ZodType<LedgerLine> = z.union([
  z.object({ folder: z.string() }),
  z.object({ child: z.object({ pid: z.number().int().positive(), startTime: z.number().positive() }) }),
])

/**
 * Finishes what hosts of this user that were killed had begun, by their ledgers in `dataFolder`: ends children that live
 * on, and removes files that were not whole. What it finds was this user's own, and a name or a process that is not
 * exactly what was noted is left alone. Never rejects; what cannot be removed is tried again at the next start.
 */
export async function sweepLeftovers(dataFolder: string): Promise<void> {
  const folder = ledgerFolder(dataFolder)
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, startTime] = ledgerNamePattern.exec(name) ?? []
    if (pid === undefined) continue
    const host = { pid: Number(pid), startTime: Number(startTime) }
    if (isAlive(host)) continue
    const ledger = join(folder, name)
    try {
      if (!(await isOwn(ledger))) continue
      for (const line of await readLedger(ledger)) await finish(line, host)
      await rm(ledger, { force: true })
    } catch {
      // Stays for the next start.
    }
  }
}

async function readLedger(path: string): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = []
  for await (const text of linesOf(readPieces(path), longestLine)) {
    const line = parse(text)
    if (line !== null) lines.push(line)
  }
  return lines
}

function parse(text: string): LedgerLine | null {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

async function finish(line: LedgerLine, host: ProcessIdentity): Promise<void> {
  if ('child' in line) endChild(line.child)
  else await removeTemporaries(line.folder, host)
}

/** Where the system does not say when a process began, its number alone could be another's by now. */
function endChild(child: ProcessIdentity): void {
  if (process.platform === 'linux' && isAlive(child)) process.kill(child.pid, 'SIGKILL')
}

async function removeTemporaries(folder: string, host: ProcessIdentity): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = ownerOfTemporary(name) ?? hostOfCollective(name)
    if (owner?.pid !== host.pid || owner.startTime !== host.startTime) continue
    const path = join(folder, name)
    if (await isOwn(path)) await rm(path, { recursive: true, force: true })
  }
}

/** Where several users share a data folder, none of them may say what another's start ends and removes. */
async function isOwn(path: string): Promise<boolean> {
  return (await lstat(path)).uid === ownUid()
}

/** Windows has none, and says 0 of every file. */
function ownUid(): number {
  return process.getuid?.() ?? 0
}
