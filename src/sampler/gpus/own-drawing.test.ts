import { describe, expect, it } from 'vitest'
import { ownDrawing } from './own-drawing.js'

const drawing = [1200, 1201, 1202].map((pid) => ({ pid, memoryBytes: 2 ** 20 * pid }))
const programs: Record<number, string | null> = {
  1200: '/usr/lib/xorg/Xorg',
  1201: '/opt/tandem/tandem-desktop',
  1202: null,
}
const programOf = (pid: number): string | null => programs[pid] ?? null

describe('what draws the dashboard’s window on a GPU', () => {
  it('is the program that Tandem is, and not the desktop’s', () => {
    expect(ownDrawing(drawing, '/opt/tandem/tandem-desktop', programOf)).toEqual([drawing[1]])
  })

  it('is nothing in plain Node, nor where the driver does not say', () => {
    expect(ownDrawing(drawing, null, programOf)).toEqual([])
    expect(ownDrawing(null, '/opt/tandem/tandem-desktop', programOf)).toEqual([])
  })

  it('is found by the process itself where it is one', () => {
    const own = [{ pid: process.pid, memoryBytes: null }]
    expect(ownDrawing(own, process.execPath)).toEqual(process.platform === 'linux' ? own : [])
  })
})
