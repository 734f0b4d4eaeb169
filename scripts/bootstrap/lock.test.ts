import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'
import { describeProcess } from './process-identity.mjs'

let folder: string
let lock: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-lock-'))
  lock = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true }))

/** The identity of a process that has ended. */
async function endedProcess() {
  const child = spawn(process.execPath, ['--eval', ''])
  const identity = describeProcess(child.pid as number)
  await once(child, 'close')
  return identity
}

describe('withLock', () => {
  it('returns what the work returns and frees the lock', async () => {
    expect(await withLock(lock, async () => 'done')).toBe('done')
    expect(await readdir(folder)).toEqual([])
  })

  it('frees the lock when the work fails', async () => {
    const failing = withLock(lock, () => Promise.reject(new Error('no space left')))

    await expect(failing).rejects.toThrow('no space left')
    expect(await readdir(folder)).toEqual([])
  })

  it('lets one at a time of several processes work', async () => {
    const module = new URL('./lock.mjs', import.meta.url).href
    const log = join(folder, 'log')
    const program = `
      import { appendFileSync } from 'node:fs'
      import { setTimeout as sleep } from 'node:timers/promises'
      import { withLock } from ${JSON.stringify(module)}
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, process.pid + ' begins\\n')
        await sleep(50)
        appendFileSync(${JSON.stringify(log)}, process.pid + ' ends\\n')
      })`
    // Left behind by a process that was killed, so that all of them find it abandoned at the same time.
    await writeFile(lock, JSON.stringify([await endedProcess()]))

    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' }),
    )
    const exits = await Promise.all(children.map((child) => once(child, 'close')))

    expect(exits.map(([code]) => code)).toEqual([0, 0, 0, 0])
    const lines = (await readFile(log, 'utf8')).trim().split('\n')
    const pids = lines.filter((_, index) => index % 2 === 0).map((line) => line.split(' ')[0])
    expect(lines).toEqual(pids.flatMap((pid) => [`${pid} begins`, `${pid} ends`]))
    expect(new Set(pids).size).toBe(4)
  })

  it('waits for a holder that runs, and says so once', async () => {
    await writeFile(lock, JSON.stringify([describeProcess(process.pid)]))
    const waits: unknown[] = []

    const waiting = withLock(lock, async () => 'after', {
      onWait: (holder) => {
        waits.push(holder?.pid)
        void rm(lock)
      },
    })

    expect(await waiting).toBe('after')
    expect(waits).toEqual([process.pid])
  })

  it('takes over from a holder that has ended', async () => {
    await writeFile(lock, JSON.stringify([await endedProcess()]))

    expect(await withLock(lock, async () => 'taken over')).toBe('taken over')
    expect(await readdir(folder)).toEqual([])
  })

  // Only Linux tells when a process began.
  it.runIf(process.platform === 'linux')('takes over where another process has the pid now', async () => {
    await writeFile(lock, JSON.stringify([{ pid: process.pid, startedAt: '1', host: hostname() }]))

    expect(await withLock(lock, async () => 'taken over')).toBe('taken over')
  })

  it('takes over a lock that was never signed, once it is old', async () => {
    await writeFile(lock, '')
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(lock, longAgo, longAgo)

    expect(await withLock(lock, async () => 'taken over')).toBe('taken over')
  })

  it('leaves a lock alone that is being signed', async () => {
    await writeFile(lock, '')
    const waits: unknown[] = []

    await withLock(lock, async () => {}, {
      onWait: (holder) => {
        waits.push(holder)
        void rm(lock)
      },
    })

    expect(waits).toEqual([null])
  })

  it('waits for what a killed holder had started and left running', async () => {
    await writeFile(lock, JSON.stringify([await endedProcess(), describeProcess(process.pid)]))
    const waits: unknown[] = []

    await withLock(lock, async () => {}, {
      onWait: (holder) => {
        waits.push(holder?.pid)
        void rm(lock)
      },
    })

    expect(waits).toEqual([process.pid])
  })

  it('is shared with a child process that the work starts', async () => {
    await withLock(lock, async (shareWith) => {
      shareWith(process.ppid)
      const holders = JSON.parse(await readFile(lock, 'utf8'))
      expect(holders).toEqual([describeProcess(process.pid), describeProcess(process.ppid)])
    })
  })

  it('does not judge a holder on another host', async () => {
    await writeFile(lock, JSON.stringify([{ ...(await endedProcess()), host: 'elsewhere' }]))
    let waited = false

    await withLock(lock, async () => {}, {
      onWait: () => {
        waited = true
        void rm(lock)
      },
    })

    expect(waited).toBe(true)
  })
})
