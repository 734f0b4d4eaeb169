import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Rectangle } from 'electron'
import { z } from 'zod'

const length = z.number().int().positive().max(100_000)
const position = z.number().int().min(-100_000).max(100_000)
const windowStateSchema = z.object({
  bounds: z.object({ x: position, y: position, width: length, height: length }),
  maximized: z.boolean(),
})

/** Where the window was, when it was last closed. */
export type WindowState = z.infer<typeof windowStateSchema>

export const smallestWindow = { width: 640, height: 480 }
const usualSize = { width: 1280, height: 800 }

/** Null where nothing (yet) says it, or not in this form. */
export function readWindowState(path: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** At once, since the app may be about to end. Not to be able to is no reason to say anything. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(state))
  } catch {
    // The window opens in the middle of the screen the next time.
  }
}

/**
 * Where the window goes: where it was, moved and shrunk as far as it takes to lie within one screen, since the
 * screen it was on may be gone or smaller by now.
 *
 * @param workAreas of the screens, the main one first: what task bars and menu bars leave
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Rectangle[]): WindowState {
  const [main] = workAreas
  if (main === undefined) return { bounds: { x: 0, y: 0, ...usualSize }, maximized: false }
  if (saved === null) return { bounds: centred(usualSize, main), maximized: false }
  const { bounds, maximized } = saved
  const nearest = workAreas.reduce((best, area) =>
    overlap(bounds, area) > overlap(bounds, best) ? area : best,
  )
  if (overlap(bounds, nearest) === 0) return { bounds: centred(bounds, main), maximized }
  const { width, height } = fitting(bounds, nearest)
  const x = clamp(bounds.x, nearest.x, nearest.x + nearest.width - width)
  const y = clamp(bounds.y, nearest.y, nearest.y + nearest.height - height)
  return { bounds: { x, y, width, height }, maximized }
}

type Size = Pick<Rectangle, 'width' | 'height'>

function centred(size: Size, area: Rectangle): Rectangle {
  const { width, height } = fitting(size, area)
  const x = area.x + Math.floor((area.width - width) / 2)
  const y = area.y + Math.floor((area.height - height) / 2)
  return { x, y, width, height }
}

function fitting(size: Size, area: Size): Size {
  return {
    width: clamp(size.width, Math.min(smallestWindow.width, area.width), area.width),
    height: clamp(size.height, Math.min(smallestWindow.height, area.height), area.height),
  }
}

/** In square pixels. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(value, maximum))
}
