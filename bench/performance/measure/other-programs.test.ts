import { describe, expect, it } from 'vitest'
import { parseProcessorTime } from './other-programs.js'

describe('processor time', () => {
  it('is that of all programs on the cores, waiting left out, and that of this process with its children', () => {
    const system =
      'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1000 20 300 90000 500 4 6 70 0 0\ncpu1 50 0 50 1 1 0 0 0 0 0\ncpu10 7 7 7 7 7 7 7 7 0 0\n'
    const own = '4711 (node (bench)) S 1 1 1 0 -1 4194560 1 2 3 4 150 50 700 100 20 0 11 0 999 1 1\n'
    expect(parseProcessorTime(system, own, [0])).toEqual({ busySeconds: 14, ownSeconds: 10 })
    expect(parseProcessorTime(system, own, [0, 1])).toEqual({ busySeconds: 15, ownSeconds: 10 })
  })
})
