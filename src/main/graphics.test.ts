import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseGraphics, readGraphicsMemory, writeGraphicsMemory } from './graphics.js'
import { createGraphicsWatch } from './graphics-watch.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-graphics-'))
  path = join(folder, 'profile', 'graphics.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const memory = { mode: 'software', electronVersion: '45.4.1', said: false } as const

describe('how the window is drawn', () => {
  it('leaves a GPU that is measured to what is measured', () => {
    expect(chooseGraphics({}, null, true)).toEqual({ mode: 'software', why: 'measured' })
    expect(chooseGraphics({}, null, false)).toEqual({ mode: 'hardware', why: 'usual' })
  })

  it('does without what failed before, unless somebody asks for it', () => {
    expect(chooseGraphics({}, memory, false)).toEqual({ mode: 'software', why: 'failed' })
    expect(chooseGraphics({ TANDEM_GRAPHICS: 'hardware' }, memory, true).mode).toBe('hardware')
    expect(chooseGraphics({ TANDEM_GRAPHICS: 'anything' }, memory, false).mode).toBe('software')
  })

  it('remembers over restarts, until Electron is another', () => {
    expect(readGraphicsMemory(path, '45.4.1')).toBeNull()
    writeGraphicsMemory(path, memory)
    expect(readGraphicsMemory(path, '45.4.1')).toEqual(memory)
    expect(readGraphicsMemory(path, '46.0.0')).toBeNull()
    writeFileSync(path, '{"mode":"har')
    expect(readGraphicsMemory(path, '45.4.1')).toBeNull()
    writeGraphicsMemory(path, null)
    expect(readGraphicsMemory(path, '45.4.1')).toBeNull()
  })
})

describe('graphics that fail', () => {
  const crash = { type: 'GPU', reason: 'crashed' } as const

  it('are given up at the second failure within a minute, before Chromium gives up the app', () => {
    const watch = createGraphicsWatch('hardware', () => 0)
    expect([watch(crash), watch({ type: 'GPU', reason: 'launch-failed' }), watch(crash)]).toEqual([
      null,
      'software',
      null,
    ])
  })

  it('are given up for good where drawing on the processor fails as well', () => {
    const watch = createGraphicsWatch('software', () => 0)
    watch(crash)
    expect(watch(crash)).toBe('in-process')
  })

  it('are not failing when it happens seldom, somebody killed the process, or it was another one', () => {
    let now = 0
    const watch = createGraphicsWatch('hardware', () => (now += 61_000))
    expect([watch(crash), watch(crash), watch(crash)]).toEqual([null, null, null])
    const often = createGraphicsWatch('hardware', () => 0)
    for (const details of [
      { type: 'GPU', reason: 'killed' },
      { type: 'GPU', reason: 'clean-exit' },
      { type: 'Utility', reason: 'crashed' },
    ] as const)
      expect([often(details), often(details), often(details)]).toEqual([null, null, null])
  })
})
