import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupDevices, stageLayout, tileGrid } from './stage-layout.js'

const onOne = (devices: number): number[] => Array.from({ length: devices }, () => 0)

/** Machines of as many devices each, one after the other. */
const onSeveral = (machines: number, each: number): number[] =>
  Array.from({ length: machines * each }, (_, place) => Math.floor(place / each))

describe('a stage', () => {
  it('has a box a device, more than eight as groups of neighbours', () => {
    expect(groupDevices(onOne(2))).toEqual([[0], [1]])
    expect(groupDevices(onOne(8))).toHaveLength(8)
    expect(groupDevices(onOne(10))).toEqual([[0], [1], [2], [3, 4], [5], [6], [7], [8, 9]])
    expect(groupDevices(onOne(16)).every((group) => group.length === 2)).toBe(true)
  })

  it('never has devices of two machines in one group, but whole machines where there are many', () => {
    expect(groupDevices(onSeveral(2, 2))).toEqual([[0], [1], [2], [3]])
    expect(groupDevices(onSeveral(2, 8)).map(({ length }) => length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
    expect(groupDevices(onSeveral(3, 8))).toHaveLength(6)
    expect(groupDevices(onSeveral(16, 8)).map(([first, second]) => [first, second])[1]).toEqual([16, 17])
  })

  it('has a border between neighbours of two machines, also from one row to the next', () => {
    const layout = (machines: number[]) =>
      stageLayout({ width: 1200, height: 600, machines, idleDevices: 0, hasOwnReaders: true })
    expect(layout(onOne(4)).borders).toEqual([])
    const [between] = layout(onSeveral(2, 2)).borders
    expect(between?.fromX).toBe(between?.toX)
    const { borders, seats } = layout(onSeveral(2, 4))
    expect(new Set(seats.map(({ y }) => y)).size).toBe(2)
    expect(borders).toHaveLength(1)
    expect(borders[0]?.fromY).toBe(borders[0]?.toY)
  })

  it('keeps every device within it once, without overlap, at any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 3840 }),
        fc.integer({ min: 200, max: 2160 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 7 }),
        fc.boolean(),
        (width, height, devices, machines, idleDevices, hasOwnReaders) => {
          const { seats, stacks } = stageLayout({
            ...{ width, height, idleDevices, hasOwnReaders },
            machines: onSeveral(machines, devices),
          })
          expect(seats.flatMap((seat) => seat.devices)).toEqual(
            Array.from({ length: devices * machines }, (_, index) => index),
          )
          const boxes = [...seats, ...stacks]
          for (const box of boxes) {
            expect(box.x).toBeGreaterThanOrEqual(0)
            expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-6)
            expect(box.y + box.height).toBeLessThanOrEqual(height + 1e-6)
          }
          for (const [index, one] of boxes.entries()) {
            for (const other of boxes.slice(index + 1)) {
              const apart =
                one.x + one.width <= other.x + 1e-6 ||
                other.x + other.width <= one.x + 1e-6 ||
                one.y + one.height <= other.y + 1e-6 ||
                other.y + other.height <= one.y + 1e-6
              expect(apart).toBe(true)
            }
          }
        },
      ),
    )
  })

  it('has many devices in two rows only where each has room for its name, its pictures and what it does', () => {
    const rowsAt = (height: number): number => {
      const layout = stageLayout({
        ...{ width: 1200, height, idleDevices: 0, hasOwnReaders: true },
        machines: onOne(8),
      })
      return new Set(layout.seats.map(({ y }) => y)).size
    }
    expect(rowsAt(120)).toBe(1)
    expect(rowsAt(400)).toBe(2)
  })

  it('has all tiles inside their box, as large as fit', () => {
    const box = { x: 10, y: 20, width: 200, height: 100 }
    const grid = tileGrid(box, 512, 40)
    const last = grid.at(511)
    expect(last.x + grid.side).toBeLessThanOrEqual(210)
    expect(last.y + grid.side).toBeLessThanOrEqual(120)
    expect(tileGrid(box, 2, 40).side).toBe(40)
  })
})
