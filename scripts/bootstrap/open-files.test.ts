import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseOpenFiles } from './open-files.mjs'
import { root } from './root.mjs'

const limits = (soft: string) =>
  `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}  4096  files\n`

describe('the limit of open files', () => {
  it.each(['256', '1024', 'unlimited'])('of %s is enough, and so is one that nothing tells', (soft) => {
    expect(refuseOpenFiles(limits(soft))).toBeNull()
    expect(refuseOpenFiles('')).toBeNull()
  })

  it('that is too low is said in one line that says what to do', () => {
    expect(refuseOpenFiles(limits('64'))).toBe(
      'tandem: 64 open files are allowed, and Tandem needs 256. Raise the limit: ulimit -n 1024',
    )
  })

  it.runIf(process.platform === 'linux')('is looked at before the first of many files is opened', () => {
    const script = 'ulimit -n 64; exec "$0" "$1" devices'
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', script, process.execPath, join(root, 'scripts', 'tandem.mjs')],
      { encoding: 'utf8' },
    )
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tandem: 64 open files are allowed.*\n$/)
  })
})
