import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSecretFile, readSecretFile } from './secret-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the file with the secret of several machines', () => {
  it('holds 32 random bytes that only its owner can read', async () => {
    const one = await makeSecretFile(join(folder, 'one'))
    const two = await makeSecretFile(join(folder, 'two'))
    const secret = await readSecretFile(one)
    expect(secret).toHaveLength(32)
    expect(secret.equals(await readSecretFile(two))).toBe(false)
    if (process.platform !== 'win32') expect(statSync(one).mode & 0o777).toBe(0o600)
  })

  it('is never made anew in place of an old one', async () => {
    const path = await makeSecretFile(join(folder, 'one'))
    await expect(makeSecretFile(path)).rejects.toMatchObject({ code: 'secret-not-written' })
  })

  it.runIf(process.platform !== 'win32').each([0o604, 0o640, 0o660, 0o622])(
    'is refused with mode %o, which lets others in',
    async (mode) => {
      const path = await makeSecretFile(join(folder, 'one'))
      chmodSync(path, mode)
      await expect(readSecretFile(path)).rejects.toMatchObject({
        code: 'secret-exposed',
        hint: expect.stringContaining('chmod 600') as string,
      })
    },
  )

  it.each(['', 'secret', 'ab'.repeat(31), 'zz'.repeat(32), 'ab'.repeat(4_000)])(
    'is refused where it holds %j',
    async (text) => {
      const path = join(folder, 'one')
      writeFileSync(path, text, { mode: 0o600 })
      await expect(readSecretFile(path)).rejects.toMatchObject({ code: 'secret-invalid' })
    },
  )

  it('is missed in words that say how to make one', async () => {
    const missing = readSecretFile(join(folder, 'none'))
    await expect(missing).rejects.toMatchObject({
      code: 'secret-unreadable',
      hint: expect.stringContaining('tandem agent secret') as string,
    })
  })
})
