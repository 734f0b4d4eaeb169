/** What the system knows of one process at one moment, of all its threads together. */
export interface ProcessReading {
  /** When it was read, from the monotonic clock. */
  atMs: number
  /** Processor time since the process started. */
  cpuSeconds: number
  /** Resident; null where the system does not say. */
  memoryBytes: number | null
  /** A signal or a debugger has stopped it; absent where the system does not say. */
  isStopped?: boolean
  /** Tells the process from a later one with the same number; any text. */
  startedAt: string
}

/** How processes are looked at on this operating system. */
export interface ProcessReader {
  /** From now on only these are read. */
  watch(pids: readonly number[]): void
  /** What is known now, without waiting; null for a process that is gone or cannot be seen. */
  read(pid: number, nowMs: number): ProcessReading | null
  close(): void
}
