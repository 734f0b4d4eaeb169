import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { TandemError } from '../../shared/errors.js'
import type { MappedFile, SharedMemory } from '../platform/index.js'
import type { Deadline } from './deadline.js'
import { exchangeFolderUnusable, groupMismatch } from './errors.js'
import type { GroupLayout } from './group-layout.js'
import type { GroupShape } from './group-shape.js'

const magic = 0x4d444e54 // "TNDM"
/** To be raised whenever the header or `group-layout.ts` changes. */
const layoutVersion = 1

const headerByteLength = 24
const magicByteLength = 4

/**
 * Rank 0's part: makes the file, reserves its space, prepares the semaphores, and only then marks it ready. The
 * path must be free. Removes the file again if anything fails.
 * @throws TandemError `shared-memory-full` or `exchange-folder-unusable`
 */
export function createGroupFile(memory: SharedMemory, path: string, layout: GroupLayout): MappedFile {
  const file = openNew(path)
  let mapping: MappedFile | undefined
  try {
    memory.reserveFile(file, layout.byteLength)
    mapping = memory.mapFile(file, layout.byteLength)
    for (const offset of layout.semaphoreOffsets.flat()) {
      memory.semaphores.initialise(mapping.address + BigInt(offset))
    }
    writeHeader(file, layout)
    return mapping
  } catch (error) {
    mapping?.close()
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** The other ranks' part: waits for rank 0's file, checks that it is meant for the same group, and maps it. */
export async function openGroupFile(
  memory: SharedMemory,
  path: string,
  layout: GroupLayout,
  rank: number,
  deadline: Deadline,
): Promise<MappedFile> {
  for (let delayMs = 1; ; delayMs = Math.min(2 * delayMs, 50)) {
    const mapping = tryOpen(memory, path, layout, rank)
    if (mapping !== null) return mapping
    deadline.check(() => [0])
    await sleep(delayMs)
  }
}

function tryOpen(memory: SharedMemory, path: string, layout: GroupLayout, rank: number): MappedFile | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw exchangeFolderUnusable(rank, path, error)
  }
  try {
    const shape = readHeader(file, rank)
    if (shape === null) return null
    if (shape.elementCount !== layout.elementCount || shape.worldSize !== layout.worldSize) {
      throw groupMismatch(rank, layout, { ...shape, rank: 0 })
    }
    return memory.mapFile(file, layout.byteLength)
  } finally {
    closeSync(file)
  }
}

/** Made anew and for this user only: an existing file may be a dead group's, or a trap in a shared folder. */
function openNew(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
  } catch (error) {
    throw exchangeFolderUnusable(0, path, error)
  }
}

/**
 * The magic number goes in last and by a system call of its own; the kernel's locks around the two writes put
 * them, and the semaphores written through the mapping before, in order for whoever reads it.
 */
function writeHeader(file: number, shape: GroupShape): void {
  const header = new DataView(new ArrayBuffer(headerByteLength))
  header.setUint32(0, magic, true)
  header.setUint32(4, layoutVersion, true)
  header.setUint32(8, shape.worldSize, true)
  header.setFloat64(16, shape.elementCount, true)
  writeSync(file, header, magicByteLength, headerByteLength - magicByteLength, magicByteLength)
  writeSync(file, header, 0, magicByteLength, 0)
}

/** What rank 0 made the group for; null while it is still at it. */
function readHeader(file: number, rank: number): GroupShape | null {
  const header = new DataView(new ArrayBuffer(headerByteLength))
  const complete = readSync(file, header, 0, headerByteLength, 0) === headerByteLength
  if (!complete || header.getUint32(0, true) !== magic) return null
  const version = header.getUint32(4, true)
  if (version !== layoutVersion) throw otherVersion(rank, version)
  return { worldSize: header.getUint32(8, true), elementCount: header.getFloat64(16, true) }
}

function otherVersion(rank: number, version: number): TandemError {
  return new TandemError({
    code: 'collective-mismatch',
    message: `rank 0 laid out the shared memory as version ${version}, rank ${rank} knows version ${layoutVersion}`,
    hint: 'All ranks of a group must run the same build of Tandem.',
    rank,
  })
}
