import { describe, expect, it } from 'vitest'
import type { ProcessReader, ProcessReading } from './process-reading.js'
import { createTrainerMeter } from './trainer-meter.js'

/** Knows what the test puts into `processes`. */
function meterOf(processes: Map<number, ProcessReading>) {
  const watched: number[][] = []
  const reader: ProcessReader = {
    watch: (pids) => watched.push([...pids]),
    read: (pid) => processes.get(pid) ?? null,
    close() {},
  }
  return { meter: createTrainerMeter(reader), watched }
}

const reading = (atMs: number, cpuSeconds: number, startedAt = 'once'): ProcessReading => ({
  atMs,
  cpuSeconds,
  memoryBytes: 1000,
  startedAt,
})

describe('a trainer', () => {
  it('uses the cores that its processor time says, from the moment it is named', () => {
    const processes = new Map([[7, reading(1000, 10)]])
    const { meter, watched } = meterOf(processes)
    meter.watch([7], 1000)
    expect(watched).toEqual([[7]])

    processes.set(7, reading(1250, 10.5))
    expect(meter.sample(1250)).toEqual([{ pid: 7, coresUsed: 2, memoryBytes: 1000 }])
    processes.set(7, reading(1500, 10.5))
    expect(meter.sample(1500)).toEqual([{ pid: 7, coresUsed: 0, memoryBytes: 1000 }])
  })

  it('keeps its figure while the reader has nothing newer', () => {
    const processes = new Map([[7, reading(0, 0)]])
    const { meter } = meterOf(processes)
    meter.watch([7], 0)
    processes.set(7, reading(1000, 1))
    expect([meter.sample(1000), meter.sample(1250)].map(([trainer]) => trainer?.coresUsed)).toEqual([1, 1])
  })

  it('keeps its figure when others are named beside it', () => {
    const processes = new Map([
      [7, reading(0, 0)],
      [8, reading(0, 0)],
    ])
    const { meter } = meterOf(processes)
    meter.watch([7], 0)
    processes.set(7, reading(1000, 1)).set(8, reading(1000, 0))
    meter.sample(1000)
    meter.watch([8, 7], 1000)
    expect(meter.sample(1000)).toMatchObject([
      { pid: 8, coresUsed: null },
      { pid: 7, coresUsed: 1 },
    ])
  })

  it('that is gone has no figures', () => {
    const processes = new Map([[7, reading(0, 0)]])
    const { meter } = meterOf(processes)
    meter.watch([7], 0)
    processes.clear()
    expect(meter.sample(250)).toEqual([{ pid: 7, coresUsed: null, memoryBytes: null }])
  })

  it('is not mistaken for a later process of the same number', () => {
    const processes = new Map([[7, reading(0, 50, 'first')]])
    const { meter } = meterOf(processes)
    meter.watch([7], 0)
    processes.set(7, reading(250, 60, 'second'))
    expect(meter.sample(250)).toMatchObject([{ coresUsed: null }])
    processes.set(7, reading(500, 60.25, 'second'))
    expect(meter.sample(500)).toMatchObject([{ coresUsed: 1 }])
  })
})
