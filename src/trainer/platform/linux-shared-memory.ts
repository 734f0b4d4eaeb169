import { errorName, lastErrorName, type NativeLibrary, systemCallFailed } from '../../child/ffi.js'
import { TandemError } from '../../shared/errors.js'
import type { MappedFile, Semaphores, SharedMemory } from './platform.js'

const readAndWrite = 0x1 | 0x2 // PROT_READ | PROT_WRITE
const shared = 0x1 // MAP_SHARED
const mapFailed = 0xffff_ffff_ffff_ffffn // (void *) -1

/** What posix_fallocate answers when a disk, a quota, or a container's memory limit leaves no room. */
const noRoom = ['ENOSPC', 'EDQUOT', 'ENOMEM', 'EFBIG']

/** Files mapped with mmap(2), moved with memcpy: no view of native memory ever reaches JavaScript. */
export function createLinuxSharedMemory(libc: NativeLibrary, semaphores: Semaphores): SharedMemory {
  const mmap = libc.func(
    'void *mmap(void *hint, size_t length, int protection, int flags, int fd, int64_t at)',
  )
  const munmap = libc.func('int munmap(void *address, size_t length)')
  const memcpy = libc.func('void memcpy(void *target, void *source, size_t length)')
  const allocate = libc.func('int posix_fallocate(int fd, int64_t offset, int64_t length)') as Allocate

  function mapFile(fileDescriptor: number, byteLength: number): MappedFile {
    const address: bigint = mmap(null, byteLength, readAndWrite, shared, fileDescriptor, 0)
    if (address === mapFailed) throw systemCallFailed(`mmap of ${byteLength} bytes`, lastErrorName())
    let mapped = true
    return {
      address,
      byteLength,
      close() {
        if (!mapped) return
        mapped = false
        if (munmap(address, byteLength) !== 0) throw systemCallFailed('munmap', lastErrorName())
      },
    }
  }

  return {
    reserveFile: (fileDescriptor, byteLength) => reserve(allocate, fileDescriptor, byteLength),
    mapFile,
    copyIn: (address, source) => memcpy(address, source, source.byteLength),
    copyOut: (target, address) => memcpy(target, address, target.byteLength),
    copyWithin: (target, source, byteLength) => memcpy(target, source, byteLength),
    semaphores,
  }
}

type Allocate = (fileDescriptor: number, offset: number, length: number) => number

function reserve(allocate: Allocate, fileDescriptor: number, byteLength: number): void {
  for (;;) {
    // Unlike its neighbours it returns the error number and leaves errno alone.
    const errorNumber = allocate(fileDescriptor, 0, byteLength)
    if (errorNumber === 0) return
    const reason = errorName(errorNumber)
    if (reason === 'EINTR') continue
    if (!noRoom.includes(reason)) throw systemCallFailed('posix_fallocate', reason)
    throw new TandemError({
      code: 'shared-memory-full',
      message: `there is no room for ${(byteLength / 1e6).toFixed(1)} MB of shared memory (${reason})`,
      hint: 'Free space in that folder or use another; a container gets a larger /dev/shm with --shm-size.',
    })
  }
}
