import { randomBytes } from 'node:crypto'
import { ownIdentity, type ProcessIdentity } from '../run/process-identity.js'

const pattern = /^\.tandem-(\d+)-(\d+)-[0-9a-f]{16}\.partial$/

/** A name for what is not whole yet: nobody can guess it, and it says whose it is. */
export function temporaryName(): string {
  const { pid, startTime } = ownIdentity()
  return `.tandem-${pid}-${startTime}-${randomBytes(8).toString('hex')}.partial`
}

/** Whose file or folder that is, by its name; null for any other. */
export function ownerOfTemporary(name: string): ProcessIdentity | null {
  const [, pid, startTime] = pattern.exec(name) ?? []
  return pid === undefined ? null : { pid: Number(pid), startTime: Number(startTime) }
}
