import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identityOf, type ProcessIdentity } from '../run/process-identity.js'
import { closeLedger, keepLedger, type LedgerLine, ledgerFolder, ledgerName, noteFolder } from './ledger.js'
import { sweepLeftovers } from './sweep-leftovers.js'
import { ownerOfTemporary, temporaryName } from './temporary-name.js'

let data: string
let elsewhere: string
/** A host that is gone: no process has such a number. */
const killed: ProcessIdentity = { pid: 2 ** 22 + 1, startTime: 12_345 }
const nameOf = ({ pid, startTime }: ProcessIdentity) => `.tandem-${pid}-${startTime}-0123456789abcdef.partial`

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-leftovers-'))
  data = join(folder, 'data')
  elsewhere = join(folder, 'elsewhere')
  await mkdir(ledgerFolder(data), { recursive: true })
  await mkdir(elsewhere)
})
afterEach(async () => {
  closeLedger()
  await rm(join(data, '..'), { recursive: true })
})

async function leaveLedger(lines: readonly LedgerLine[], host = killed): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeFile(join(ledgerFolder(data), ledgerName(host)), `${text}{"fol`)
}

describe('a ledger', () => {
  it('is there from the first note to the end of its process', async () => {
    keepLedger(data)
    expect(await readdir(ledgerFolder(data))).toEqual([])
    noteFolder(elsewhere)
    expect(await readdir(ledgerFolder(data))).toHaveLength(1)
    closeLedger()
    expect(await readdir(ledgerFolder(data))).toEqual([])
  })

  it('of a process that lives is left alone, and so is what it has begun', async () => {
    keepLedger(data)
    noteFolder(elsewhere)
    const name = temporaryName()
    await writeFile(join(elsewhere, name), '')
    await sweepLeftovers(data)
    expect(await readdir(elsewhere)).toEqual([name])
    expect(await readdir(ledgerFolder(data))).toHaveLength(1)
  })
})

describe('what a host that was killed had begun', () => {
  it('is removed, and nothing beside it', async () => {
    const others = ['results.json', nameOf({ ...killed, startTime: 1 }), '.tandem-1-2-xyz.partial']
    for (const name of [...others, nameOf(killed)]) await writeFile(join(elsewhere, name), '')
    await leaveLedger([{ folder: elsewhere }, { folder: join(elsewhere, 'gone') }])

    await sweepLeftovers(data)
    expect((await readdir(elsewhere)).sort()).toEqual(others.sort())
    expect(await readdir(ledgerFolder(data))).toEqual([])
  })

  it.skipIf(process.getuid?.() !== 0)('is left alone where another user says so', async () => {
    await writeFile(join(elsewhere, nameOf(killed)), '')
    await leaveLedger([{ folder: elsewhere }])
    await chown(join(ledgerFolder(data), ledgerName(killed)), 54_321, 54_321)

    await sweepLeftovers(data)
    expect(await readdir(elsewhere)).toEqual([nameOf(killed)])
  })

  it('may be a link: that goes, and what it leads to stays', async () => {
    await writeFile(join(data, 'precious'), '')
    await symlink(data, join(elsewhere, nameOf(killed)))
    await leaveLedger([{ folder: elsewhere }])

    await sweepLeftovers(data)
    expect(await readdir(elsewhere)).toEqual([])
    expect(await readdir(data)).toContain('precious')
  })

  describe.skipIf(process.platform !== 'linux')('may be a process', () => {
    let child: ChildProcess
    beforeEach(() => {
      child = spawn('sleep', ['1000'], { stdio: 'ignore' })
    })
    afterEach(() => void child.kill('SIGKILL'))

    it('that lives on, frozen or not: it is ended', async () => {
      const ended = once(child, 'exit')
      child.kill('SIGSTOP')
      await leaveLedger([{ child: identityOf(child.pid as number) as ProcessIdentity }])
      await sweepLeftovers(data)
      expect(await ended).toEqual([null, 'SIGKILL'])
    })

    it('whose number another one has by now: that one lives', async () => {
      const now = identityOf(child.pid as number) as ProcessIdentity
      await leaveLedger([{ child: { ...now, startTime: now.startTime - 1 } }])
      await sweepLeftovers(data)
      expect(child.exitCode ?? child.signalCode).toBeNull()
      expect(identityOf(now.pid)).toEqual(now)
    })
  })
})

describe('a temporary name', () => {
  it('says whose it is, and is never the same', () => {
    expect(ownerOfTemporary(temporaryName())?.pid).toBe(process.pid)
    expect(temporaryName()).not.toBe(temporaryName())
  })
})
