import { totalmem } from 'node:os'
import { describe, expect, it } from 'vitest'
import { parseMeminfo, readMemory } from './memory.js'

const meminfo = `MemTotal:       24684092 kB
MemFree:        22346940 kB
MemAvailable:   24246028 kB
SwapTotal:       2097152 kB
SwapFree:        2097052 kB
`

describe('memory', () => {
  it('in use is what programs could not get', () => {
    expect(parseMeminfo(meminfo)).toEqual({
      totalBytes: 24_684_092 * 1024,
      usedBytes: (24_684_092 - 24_246_028) * 1024,
      swapUsedBytes: 100 * 1024,
    })
  })

  it('may be shown without swap', () => {
    expect(parseMeminfo(meminfo.replaceAll(/^Swap.*\n/gm, ''))?.swapUsedBytes).toBeNull()
  })

  it.each(['', 'MemTotal: 5 kB\n', 'MemAvailable: 5 kB\n', meminfo.replace('MemAvailable', 'Other')])(
    'is not read from %j',
    (text) => expect(parseMeminfo(text)).toBeNull(),
  )

  it('is known to Node where there is no /proc', () => {
    const memory = readMemory({ proc: '/no-such-folder', sys: '/no-such-folder' })
    expect(memory).toMatchObject({ totalBytes: totalmem(), swapUsedBytes: null })
    expect(memory.usedBytes).toBeGreaterThan(0)
    expect(memory.usedBytes).toBeLessThan(memory.totalBytes)
  })
})
