import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requestVisibleFrame } from './visible-frame.js'

let page: EventTarget & { hidden: boolean }
let frames: FrameRequestCallback[]

beforeEach(() => {
  page = Object.assign(new EventTarget(), { hidden: false })
  frames = []
  vi.stubGlobal('document', page)
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => {
    frames.splice(handle - 1, 1)
  })
})
afterEach(() => vi.unstubAllGlobals())

function show(isHidden: boolean): void {
  page.hidden = isHidden
  page.dispatchEvent(new Event('visibilitychange'))
}

describe('a frame of a page', () => {
  it('comes next while the page is seen', () => {
    requestVisibleFrame(() => {})
    expect(frames).toHaveLength(1)
  })

  it('is not asked for while it is hidden, and once when it is seen again', () => {
    show(true)
    requestVisibleFrame(() => {})
    expect(frames).toHaveLength(0)
    show(true)
    expect(frames).toHaveLength(0)
    show(false)
    show(true)
    show(false)
    expect(frames).toHaveLength(1)
  })

  it('can be taken back, before and after it was asked for', () => {
    requestVisibleFrame(() => {})()
    expect(frames).toHaveLength(0)
    show(true)
    const cancel = requestVisibleFrame(() => {})
    cancel()
    show(false)
    expect(frames).toHaveLength(0)
  })
})
