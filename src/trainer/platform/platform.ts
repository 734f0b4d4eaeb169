/**
 * What a trainer needs of the operating system beyond Node. Everything that is named or done differently
 * from one system to the next sits behind this port; what a system lacks is said by a value, so that the
 * caller can do without it and say so.
 */
export interface Platform {
  readonly name: NodeJS.Platform
  /** File names of libtensorflow in the order in which they are loaded; empty where there is none to load. */
  readonly tensorflowLibraryNames: readonly string[]
  /**
   * Confines every thread of this process, and those they start from now on, to these cores (counted from 0).
   * Call it before a library starts threads of its own.
   * @throws TandemError `core-not-available` if a core does not exist or is not allowed; nothing is changed then.
   */
  pinToCores(cores: readonly number[]): Pinning
  /**
   * Keeps a TCP port that a library of this process listens on, at every address, to senders of this machine. Null once
   * it does, else why it does not.
   */
  keepToThisMachine(port: number): string | null
  /** null where ranks cannot share memory; they exchange through files there. */
  readonly sharedMemory: SharedMemory | null
}

/** What became of a request to be pinned. */
export type Pinning =
  | { applied: true; cores: readonly number[]; threads: number }
  | { applied: false; reason: string }

/** Memory that several processes map, addressed by number, and the semaphores that order its use. */
export interface SharedMemory {
  /**
   * Gives an open file its size and the space behind it. Growing it with ftruncate alone would promise space
   * that a full /dev/shm does not have, and the first write would kill the process.
   * @throws TandemError `shared-memory-full` if there is no room for it.
   */
  reserveFile(fileDescriptor: number, byteLength: number): void
  /** Maps the file's first bytes, shared with every process that maps them too. The file may be closed after. */
  mapFile(fileDescriptor: number, byteLength: number): MappedFile
  /** Copies a whole array to an address. */
  copyIn(address: bigint, source: NodeJS.ArrayBufferView): void
  /** Fills a whole array from an address. */
  copyOut(target: NodeJS.ArrayBufferView, address: bigint): void
  copyWithin(target: bigint, source: bigint, byteLength: number): void
  readonly semaphores: Semaphores
}

export interface MappedFile {
  /** Page-aligned. */
  readonly address: bigint
  readonly byteLength: number
  /** Unmaps; later calls do nothing. Touching the addresses afterwards ends the process. */
  close(): void
}

/**
 * Counting semaphores inside shared memory, usable by every process that maps it. They need no clean-up: they
 * own nothing but their bytes, and destroying one that another process is just leaving is not allowed.
 */
export interface Semaphores {
  /** Space to leave for each, a cache line of its own; addresses must be multiples of it. */
  readonly byteLength: number
  /** Sets the count to 0. Once, by one process, before any other uses it. */
  initialise(address: bigint): void
  /** Adds one and wakes one waiter. Everything written before is seen by the one that takes it. */
  post(address: bigint): void
  /** Takes one, blocking the thread for up to `timeoutMs`; false if none came (or a signal interrupted). */
  wait(address: bigint, timeoutMs: number): boolean
}
