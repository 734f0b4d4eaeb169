import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mountTinyFileSystem } from '../../../scripts/testing/tiny-file-system.js'
import { loadLibrary } from '../../child/ffi.js'
import { type MappedFile, platform, type SharedMemory } from './index.js'
import { createLinuxSemaphores, monotonicWait, wallClockWait } from './linux-semaphores.js'

describe.skipIf(process.platform !== 'linux')('shared memory on Linux', () => {
  const memory = platform.sharedMemory as SharedMemory
  let folder: string
  let file: number
  let mapping: MappedFile

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-test-'))
    file = openSync(join(folder, 'mapped'), 'wx+')
    memory.reserveFile(file, 8192)
    mapping = memory.mapFile(file, 8192)
  })
  afterEach(() => {
    mapping.close()
    closeSync(file)
    rmSync(folder, { recursive: true })
  })

  it('gives the file its size', () => {
    expect(fstatSync(file).size).toBe(8192)
  })

  it('shows through one mapping what was written through another', () => {
    const other = memory.mapFile(file, 8192)
    expect(other.address).not.toBe(mapping.address)
    memory.copyIn(mapping.address + 4096n, Float32Array.of(1.5, -2, 3))
    const seen = new Float32Array(2)
    memory.copyOut(seen, other.address + 4100n)
    expect([...seen]).toEqual([-2, 3])
    other.close()
  })

  it('copies parts of arrays and between addresses', () => {
    const source = Float64Array.of(1, 2, 3, 4)
    memory.copyIn(mapping.address, source.subarray(1, 3))
    memory.copyWithin(mapping.address + 64n, mapping.address, 16)
    const target = new Float64Array(4)
    memory.copyOut(target.subarray(2), mapping.address + 64n)
    expect([...target]).toEqual([0, 0, 2, 3])
  })

  it('unmaps once, however often it is closed', () => {
    mapping.close()
    mapping.close()
  })

  it('reports what the system says when a mapping is refused', () => {
    expect(() => memory.mapFile(99_999, 4096)).toThrow('mmap of 4096 bytes failed: EBADF')
  })

  it('reports a full file system before anything is written', ({ skip, onTestFinished }) => {
    const tiny = mountTinyFileSystem() ?? skip('this user may not mount a file system')
    onTestFinished(tiny.dispose)
    const small = openSync(join(tiny.folder, 'file'), 'wx+')
    onTestFinished(() => closeSync(small))
    expect(() => memory.reserveFile(small, 4 * 1024 * 1024)).toThrow('no room for 4.2 MB')
  })

  const libc = process.platform === 'linux' ? loadLibrary(null) : null
  describe.each([
    { wait: 'sem_clockwait', bind: monotonicWait },
    { wait: 'sem_timedwait', bind: wallClockWait },
  ])('semaphores by $wait', ({ bind }) => {
    it('take as often as was posted, then wait in vain', () => {
      if (libc === null) return
      const semaphores = createLinuxSemaphores(libc, bind(libc))
      semaphores.initialise(mapping.address)
      semaphores.post(mapping.address)
      semaphores.post(mapping.address)
      const taken = [1, 2, 3].map(() => semaphores.wait(mapping.address, 5))
      expect(taken).toEqual([true, true, false])
    })
  })
})
