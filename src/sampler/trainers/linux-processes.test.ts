import { spawn } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createLinuxProcessReader, parseProcessStat, parseResidentBytes } from './linux-processes.js'

/** proc(5): the 14th and 15th field are times, the 22nd is when it started. */
const stat = (name: string, state: string, user: number, system: number) =>
  `4711 (${name}) ${state} 1 4711 4711 0 -1 4194560 100 0 0 0 ${user} ${system} 7 8 20 0 11 0 5555 99 88\n`

describe('/proc/PID/stat', () => {
  it('holds processor time in hundredths of a second, and when the process started', () => {
    expect(parseProcessStat(stat('node', 'R', 150, 50))).toEqual({
      cpuSeconds: 2,
      startedAt: '5555',
      isStopped: false,
    })
  })

  it.each([
    ['R', false],
    ['S', false],
    ['T', true],
    ['t', true],
  ])('tells by state %s whether it is stopped', (state, isStopped) => {
    expect(parseProcessStat(stat('node', state, 1, 1))?.isStopped).toBe(isStopped)
  })

  it('is read whatever the process calls itself', () => {
    const name = fc.string({ maxLength: 15 })
    fc.assert(
      fc.property(name, fc.nat(1e6), (anyName, ticks) => {
        expect(parseProcessStat(stat(anyName, 'S', ticks, 0))?.cpuSeconds).toBe(ticks / 100)
      }),
    )
    expect(parseProcessStat(stat('a) R 1 (b', 'S', 100, 0))?.cpuSeconds).toBe(1)
  })

  it.each(['', 'x', stat('node', 'Z', 150, 50), stat('node', 'X', 150, 50), '4711 (node) R 1 2'])(
    'shows no running process in %j',
    (text) => expect(parseProcessStat(text)).toBeNull(),
  )
})

it('/proc/PID/status holds resident memory, except for threads of the kernel', () => {
  expect(parseResidentBytes('Name:\tnode\nVmHWM:\t  200 kB\nVmRSS:\t   100 kB\n')).toBe(102_400)
  expect(parseResidentBytes('Name:\tkthreadd\n')).toBeNull()
})

describe.skipIf(process.platform !== 'linux')('a process', () => {
  const reader = createLinuxProcessReader('/proc')

  it('is shown by this system', () => {
    const reading = reader.read(process.pid, 12)
    expect(reading).toMatchObject({ atMs: 12, startedAt: expect.stringMatching(/^\d+$/) })
    expect(reading?.memoryBytes).toBeGreaterThan(1e6)
  })

  it('that a signal has stopped is known as stopped, until it goes on', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    try {
      const stopped = () => reader.read(child.pid as number, 0)?.isStopped
      await vi.waitFor(() => expect(stopped()).toBe(false))
      child.kill('SIGSTOP')
      await vi.waitFor(() => expect(stopped()).toBe(true))
      child.kill('SIGCONT')
      await vi.waitFor(() => expect(stopped()).toBe(false))
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('that does not exist is not', () => expect(reader.read(2 ** 22 + 1, 0)).toBeNull())
})
