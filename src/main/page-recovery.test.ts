import { expect, it } from 'vitest'
import { createPageRecovery } from './page-recovery.js'

it('loads a page again that has crashed, unless it keeps crashing', () => {
  let nowMs = 0
  const afterCrash = createPageRecovery(() => nowMs)
  const crashAt = (seconds: number) => {
    nowMs = seconds * 1000
    return afterCrash()
  }

  expect([0, 10, 20].map(crashAt)).toEqual(['reload', 'reload', 'reload'])
  expect(crashAt(30)).toBe('give-up')
  // Later crashes are another matter.
  expect([200, 210, 220].map(crashAt)).toEqual(['reload', 'reload', 'reload'])
})
