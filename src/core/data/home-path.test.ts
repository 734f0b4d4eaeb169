import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { homePath } from './home-path.js'

describe('a path as results keep it', () => {
  it.each([
    [join('/home', 'ada', 'engines', 'two'), join('~', 'engines', 'two')],
    [join('/home', 'ada'), '~'],
    [join('/home', 'adam', 'engines'), join('/home', 'adam', 'engines')],
    [join('/opt', 'engines'), join('/opt', 'engines')],
  ])('of %s is %s', (path, kept) => {
    expect(homePath(path, join('/home', 'ada'))).toBe(kept)
  })
})
