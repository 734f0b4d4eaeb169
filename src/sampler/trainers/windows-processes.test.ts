import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLibrary, type NativeLibrary } from '../../child/ffi.js'
import { type CLibrary, compileLibrary, noCompiler } from '../test-support/c-library.js'
import { createWindowsProcessReader } from './windows-processes.js'

// Windows' functions are stood in for by C functions of the same names and structures.
describe.skipIf(noCompiler !== '')(`processes on Windows${noCompiler}`, () => {
  let library: CLibrary
  let kernel32: NativeLibrary
  beforeAll(() => {
    library = compileLibrary('fake-kernel32.c', 'libfake-kernel32.so')
    kernel32 = loadLibrary(library.path)
  })
  afterAll(() => library.dispose())

  it('are read through their handles, which are closed again', () => {
    const reader = createWindowsProcessReader(kernel32)
    expect(reader.read(4242, 1000)).toEqual({
      atMs: 1000,
      cpuSeconds: 0.5 + 2 ** 32 / 1e7,
      memoryBytes: 6 * 2 ** 30,
      startedAt: String(2 ** 32 + 7),
    })
    expect(kernel32.func('int fake_open_handles()')()).toBe(0)
  })

  it('are gone when they have ended, though a handle of theirs is still open somewhere', () => {
    const reader = createWindowsProcessReader(kernel32)
    expect(reader.read(4243, 1000)).toBeNull()
    expect(reader.read(1, 1000)).toBeNull()
    expect(kernel32.func('int fake_open_handles()')()).toBe(0)
  })
})
