import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProcessReader } from './process-reading.js'
import { createPsProcessReader, parsePs, parsePsTime } from './ps-processes.js'

const noPs = spawnSync('ps', ['-o', 'pid=', '-p', String(process.pid)]).status !== 0
const skipped = noPs ? ' (skipped: no POSIX ps)' : ''

describe('the output of ps', () => {
  it('is read a process a line', () => {
    expect(parsePs('  812  44904   0:01.50 S+\n 4711 102400 1-02:03:04 T\n', 7)).toEqual(
      new Map([
        [812, { atMs: 7, cpuSeconds: 1.5, memoryBytes: 44_904 * 1024, isStopped: false, startedAt: '' }],
        [4711, { atMs: 7, cpuSeconds: 93_784, memoryBytes: 102_400 * 1024, isStopped: true, startedAt: '' }],
      ]),
    )
  })

  it.each(['', 'ps: no such process\n', '12 34\n', '12 34 56\n'])('may hold no process: %j', (output) => {
    expect(parsePs(output, 0).size).toBe(0)
  })

  it.each([
    ['0:00.00', 0],
    ['12:34.56', 754.56],
    ['100:00.00', 6000],
    ['01:02:03', 3723],
    ['2-00:00:01', 172_801],
    ['soon', null],
  ])('has times like %s', (text, seconds) => expect(parsePsTime(text)).toBe(seconds))
})

describe.skipIf(noPs)(`ps${skipped}`, () => {
  let reader: ProcessReader | undefined
  afterEach(() => reader?.close())

  it('knows this process, and none that does not exist', async () => {
    reader = createPsProcessReader()
    reader.watch([process.pid, 2 ** 22 + 1])
    const reading = await vi.waitFor(() => {
      const known = reader?.read(process.pid, 0)
      if (known == null) throw new Error('not yet')
      return known
    })
    expect(reading.memoryBytes).toBeGreaterThan(1e6)
    expect(reader.read(2 ** 22 + 1, 0)).toBeNull()
  })
})
