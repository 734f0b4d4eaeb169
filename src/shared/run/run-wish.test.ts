import { describe, expect, it } from 'vitest'
import { presetNames } from '../domain/presets.js'
import { readRunWish, runWishArguments } from './run-wish.js'

describe('a wish for a run', () => {
  it.each([...presetNames, 'first', false] as const)('%s survives the way to the desktop app', (wish) => {
    const chromiumsOwn = ['--user-data-dir=/tmp/x']

    expect(readRunWish(['/opt/electron', '.', ...chromiumsOwn, ...runWishArguments(wish)])).toBe(wish)
  })

  it('is for the first run where it names no preset', () => {
    expect(readRunWish(['--run=everything'])).toBe('first')
  })
})
