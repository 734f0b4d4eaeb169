import { execFileSync } from 'node:child_process'
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * Chromium's sandbox does not work for root, as whom build servers run tests: the app then runs as somebody else, by
 * `setpriv`, which becomes the app instead of staying before it, so that signals and process groups are the app's.
 */

const isRoot = process.getuid?.() === 0

/** `nobody` on every Linux; it needs no entry, no shell and no home. */
const userId = 65_534
const becomeUser = ['setpriv', `--reuid=${userId}`, `--regid=${userId}`, '--clear-groups', '--inh-caps=-all']

/** Runs a program as the ordinary user, and says whether it ended with 0. */
export function succeedsAsUser(program: string, ...args: string[]): boolean {
  const [command = '', ...rest] = isRoot ? [...becomeUser, program, ...args] : [program, ...args]
  try {
    execFileSync(command, rest, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether the ordinary user can read a file or folder, the way to it included. */
export function canBeRead(path: string): boolean {
  return succeedsAsUser('test', '-r', path)
}

/** Gives a folder to the ordinary user. */
export function giveToUser(folder: string): void {
  if (isRoot) chownSync(folder, userId, userId)
}

/** A program that becomes `program` as the ordinary user; `program` itself where we are one. */
export function programAsUser(program: string, folder: string): string {
  if (!isRoot) return program
  const script = join(folder, 'electron-as-user')
  writeFileSync(script, `#!/bin/sh\nexec ${becomeUser.join(' ')} '${program}' "$@"\n`, { mode: 0o755 })
  return script
}
