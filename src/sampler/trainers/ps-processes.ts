import { execFile } from 'node:child_process'
import { monotonicNowMs } from '../../shared/clock.js'
import type { ProcessReader, ProcessReading } from './process-reading.js'

const intervalMs = 1_000
/** A `ps` that takes longer is given up; the next one is started only then. */
const timeoutMs = 5_000

/** Asks `ps` once a second, which every POSIX system has, without waiting for it. */
export function createPsProcessReader(): ProcessReader {
  let watched: readonly number[] = []
  let readings = new Map<number, ProcessReading>()
  let running = false

  const ask = (): void => {
    if (running || watched.length === 0) return
    running = true
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL' } as const
    execFile('ps', ['-o', 'pid=,rss=,time=,state=', '-p', watched.join(',')], options, (_error, output) => {
      // It exits with 1 when one of them is gone, and lists the others all the same.
      running = false
      readings = parsePs(output, monotonicNowMs())
    })
  }
  const timer = setInterval(ask, intervalMs)

  return {
    watch(pids) {
      watched = pids
      ask()
    },
    read: (pid) => readings.get(pid) ?? null,
    close: () => clearInterval(timer),
  }
}

/** Reads the answer, a process a line: its number, its resident KiB, its processor time, its state. Skips what is not one. */
export function parsePs(output: string, atMs: number): Map<number, ProcessReading> {
  const readings = new Map<number, ProcessReading>()
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S)\S*\s*$/.exec(line)
    const [, pid, kibibytes, time = '', state = ''] = match ?? []
    const cpuSeconds = parsePsTime(time)
    if (cpuSeconds === null) continue
    // When it started is not asked for: a number comes round again only after tens of thousands of processes.
    readings.set(Number(pid), {
      atMs,
      cpuSeconds,
      memoryBytes: Number(kibibytes) * 1024,
      isStopped: state === 'T',
      startedAt: '',
    })
  }
  return readings
}

/** `[[days-]hours:]minutes:seconds`, the seconds in hundredths on macOS. */
export function parsePsTime(text: string): number | null {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text)
  if (match === null) return null
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}
