import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rectangle } from 'electron'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeWindow, readWindowState, saveWindowState, type WindowState } from './window-state.js'

const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 850 }
const projector: Rectangle = { x: 1440, y: 0, width: 1280, height: 720 }

const at = (x: number, y: number, width: number, height: number, maximized = false): WindowState => {
  return { bounds: { x, y, width, height }, maximized }
}

describe('where the window goes', () => {
  it('is the middle of the main screen the first time', () => {
    expect(placeWindow(null, [laptop])).toEqual(at(80, 50, 1280, 800))
  })

  it('is where it was', () => {
    expect(placeWindow(at(1500, 20, 1100, 690, true), [laptop, projector])).toEqual(
      at(1500, 20, 1100, 690, true),
    )
  })

  it('is the middle of the main screen when its own is gone', () => {
    expect(placeWindow(at(1500, 20, 1100, 690), [laptop])).toEqual(at(170, 105, 1100, 690))
  })

  it('is within the screen that holds most of it', () => {
    expect(placeWindow(at(1300, 600, 1000, 700), [laptop, projector])).toEqual(at(1440, 20, 1000, 700))
  })

  it('is smaller on a smaller screen', () => {
    expect(placeWindow(at(0, 0, 3800, 2100), [projector, laptop])).toEqual(at(0, 25, 1440, 850))
  })

  const area = fc.record({
    x: fc.integer({ min: -5000, max: 5000 }),
    y: fc.integer({ min: -5000, max: 5000 }),
    width: fc.integer({ min: 320, max: 8000 }),
    height: fc.integer({ min: 240, max: 5000 }),
  })
  const state = fc.record({
    bounds: fc.record({
      x: fc.integer({ min: -20_000, max: 20_000 }),
      y: fc.integer({ min: -20_000, max: 20_000 }),
      width: fc.integer({ min: 1, max: 20_000 }),
      height: fc.integer({ min: 1, max: 20_000 }),
    }),
    maximized: fc.boolean(),
  })

  it('lies within one screen, whatever was saved, and is the same the next time', () => {
    fc.assert(
      fc.property(state, fc.array(area, { minLength: 1, maxLength: 3 }), (saved, areas) => {
        const placed = placeWindow(saved, areas)
        expect(areas.some((screen) => liesWithin(placed.bounds, screen))).toBe(true)
        expect(placeWindow(placed, areas)).toEqual(placed)
      }),
    )
  })
})

function liesWithin(inner: Rectangle, outer: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

describe('the file that keeps it', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-window-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is made along with its folder', async () => {
    const path = join(folder, 'new', 'window-state.json')
    saveWindowState(path, at(1, 2, 800, 600, true))

    expect(readWindowState(path)).toEqual(at(1, 2, 800, 600, true))
  })

  it.each([
    ['nothing'],
    [''],
    ['{'],
    ['{"bounds":{"x":0,"y":0,"width":-5,"height":600},"maximized":false}'],
    ['{"bounds":{"x":0,"y":0,"width":1e9,"height":600},"maximized":false}'],
    ['{"bounds":{"x":0.5,"y":0,"width":800,"height":600},"maximized":false}'],
  ])('counts for nothing when it holds %s', async (content) => {
    const path = join(folder, 'damaged.json')
    await writeFile(path, content)

    expect(readWindowState(path)).toBeNull()
  })

  it('is missed by nobody when it cannot be written', async () => {
    const occupied = join(folder, 'a file')
    await writeFile(occupied, 'as it was')

    saveWindowState(join(occupied, 'window-state.json'), at(0, 0, 800, 600))

    expect(await readFile(occupied, 'utf8')).toBe('as it was')
  })
})
