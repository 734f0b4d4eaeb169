import type { TrainerSample } from '../../shared/child/telemetry.js'
import type { ProcessReader, ProcessReading } from './process-reading.js'

export interface TrainerMeter {
  /** The trainers that run now; replaces the list from before. */
  watch(pids: readonly number[], nowMs: number): void
  /** One entry for each, in the order given. */
  sample(nowMs: number): TrainerSample[]
}

interface Watched {
  last: ProcessReading | null
  coresUsed: number | null
}

/** Measures what trainers use, from two readings of their processor time. */
export function createTrainerMeter(reader: ProcessReader): TrainerMeter {
  let watched = new Map<number, Watched>()
  return {
    watch(pids, nowMs) {
      reader.watch(pids)
      const before = watched
      watched = new Map(
        pids.map((pid) => [pid, before.get(pid) ?? { last: reader.read(pid, nowMs), coresUsed: null }]),
      )
    },
    sample(nowMs) {
      return [...watched].map(([pid, entry]) => {
        const reading = reader.read(pid, nowMs)
        // A reader that is slower than the samples gives the same reading again; the figure then stands.
        if (reading === null || reading.atMs !== entry.last?.atMs) {
          entry.coresUsed = coresUsed(entry.last, reading)
          entry.last = reading
        }
        const isStopped = reading?.isStopped
        return {
          pid,
          coresUsed: entry.coresUsed,
          memoryBytes: reading?.memoryBytes ?? null,
          ...(isStopped === undefined ? {} : { isStopped }),
        }
      })
    },
  }
}

/** Null without two readings of the same process. */
function coresUsed(before: ProcessReading | null, after: ProcessReading | null): number | null {
  if (before === null || after === null || before.startedAt !== after.startedAt) return null
  const passedMs = after.atMs - before.atMs
  const usedMs = (after.cpuSeconds - before.cpuSeconds) * 1000
  return passedMs > 0 && usedMs >= 0 ? usedMs / passedMs : null
}
