import { describe, expect, it } from 'vitest'
import { withoutNames } from './without-names.js'

const names = { hostName: 'mira-desk.lab.example', userName: 'mira', homeDirectory: '/home/mira' }

describe('withoutNames', () => {
  it.each([
    ['/home/mira/.cache/tandem/engine', '~/.cache/tandem/engine'],
    ['C:\\Users\\Someone\\tandem', 'C:\\Users\\<user>\\tandem'],
    ['/Users/other/x and /home/third', '/Users/<user>/x and /home/<user>'],
    ['mira-desk.lab.example refused', '<host> refused'],
    ['MIRA-DESK refused mira', '<host> refused <user>'],
    ['admiral miranda', 'admiral miranda'],
  ])('makes %j %j', (text, clean) => expect(withoutNames(text, names)).toBe(clean))

  it('leaves words that name nobody', () => {
    const ordinary = { hostName: 'localhost', userName: 'root', homeDirectory: '/' }
    expect(withoutNames('root of / on localhost', ordinary)).toBe('root of / on localhost')
  })
})
