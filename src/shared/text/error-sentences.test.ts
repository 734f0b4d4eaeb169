import { expect, it } from 'vitest'
import { errorSentences } from './error-sentences.js'

it('begins with a capital, unless a name stands there', () => {
  const hint = 'Look at the list again.'
  expect(errorSentences({ message: 'there is no run nope in the history', hint })).toBe(
    'There is no run nope in the history. Look at the list again.',
  )
  expect(errorSentences({ message: 'cut.json cannot be used', hint })).toBe(
    'cut.json cannot be used. Look at the list again.',
  )
})

it('ends after what went wrong where nothing can be done about it', () => {
  expect(errorSentences({ message: 'the disk is full', hint: '' })).toBe('The disk is full.')
})
