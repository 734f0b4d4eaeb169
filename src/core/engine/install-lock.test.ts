import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withInstallLock } from './install-lock.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const never = () => new AbortController().signal

describe('withInstallLock', () => {
  it('lets one in at a time and tells the others that they wait', async () => {
    const path = join(folder, 'missing', 'lock')
    let inside = 0
    let waiting = 0
    const enter = () =>
      withInstallLock(path, { signal: never(), onWait: () => waiting++ }, async () => {
        expect(++inside).toBe(1)
        await new Promise(setImmediate)
        inside--
      })
    await Promise.all([enter(), enter(), enter()])
    expect(waiting).toBe(2)
    expect(await readdir(join(folder, 'missing'))).toEqual([])
  })

  it('is free again after a failure', async () => {
    const path = join(folder, 'lock')
    const options = { signal: never(), onWait: () => undefined }
    await expect(withInstallLock(path, options, () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    )
    await expect(withInstallLock(path, options, async () => 'entered')).resolves.toBe('entered')
  })

  it('stops waiting when cancelled', async () => {
    const path = join(folder, 'lock')
    const controller = new AbortController()
    await withInstallLock(path, { signal: never(), onWait: () => undefined }, async () => {
      const options = { signal: controller.signal, onWait: () => controller.abort() }
      await expect(withInstallLock(path, options, async () => 'entered')).rejects.toThrow(/aborted/)
    })
  })
})
