import { readFileSync } from 'node:fs'
import koffi from 'koffi'
import { describe, expect, it } from 'vitest'
import { errorName, lastErrorName, loadLibrary, retainLibrary } from './ffi.js'

describe('native libraries', () => {
  it('run on stacks large enough for TensorFlow', () => {
    expect(koffi.config()).toMatchObject({ sync_stack_size: 16 << 20, async_stack_size: 16 << 20 })
  })

  it('that are missing fail with the loader’s reason and a hint', () => {
    expect(() => loadLibrary('libtandem-missing.so')).toThrow(
      expect.objectContaining({
        code: 'library-not-loaded',
        message: expect.stringContaining('libtandem-missing.so'),
        hint: expect.stringContaining('exists'),
      }),
    )
  })

  it.skipIf(process.platform === 'win32')('name the error of the latest call', () => {
    const close = loadLibrary(null).func('int close(int file)') as (file: number) => number
    expect(close(99_999)).toBe(-1)
    expect(lastErrorName()).toBe('EBADF')
    expect(errorName(54_321)).toBe('error 54321')
  })
})

describe.skipIf(process.platform !== 'linux')('a retained library', () => {
  const isMapped = (name: string) => readFileSync('/proc/self/maps', 'utf8').includes(`/${name}`)

  it('stays mapped when it is unloaded, where another does not', () => {
    const loadAndUnload = (name: string) => loadLibrary(name).unload()

    loadAndUnload('libBrokenLocale.so.1')
    expect(isMapped('libBrokenLocale.so.1')).toBe(false)

    retainLibrary('libBrokenLocale.so.1')
    loadAndUnload('libBrokenLocale.so.1')
    expect(isMapped('libBrokenLocale.so.1')).toBe(true)
  })

  it('that is missing fails with the loader’s reason', () => {
    expect(() => retainLibrary('/missing/libtensorflow.so')).toThrow(
      expect.objectContaining({
        code: 'library-not-loaded',
        message: expect.stringContaining('No such file'),
      }),
    )
  })
})
