import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presetNames } from '../presets.js'
import { deviceCounts, limitOr, someOf, wholeNumber } from './input.js'
import { presetValues, settingNames, settingOf } from './settings.js'

describe('the table of settings', () => {
  it('has a value in each preset that the setting takes', () => {
    for (const preset of presetNames) {
      const values = presetValues(preset)
      for (const name of settingNames) {
        expect(
          settingOf(name).input.schema.safeParse(values[name]).error,
          `${preset} ${name}`,
        ).toBeUndefined()
      }
    }
  })

  it('has every flag and every label once', () => {
    const flags = settingNames.flatMap((name) => settingOf(name).flag ?? [])
    expect(new Set(flags).size).toBe(flags.length)
    const labels = settingNames.map((name) => settingOf(name).label)
    expect(new Set(labels).size).toBe(labels.length)
  })

  it('reads back from the command line what it writes there', () => {
    for (const name of settingNames) {
      const { input, notebook, quick = notebook } = settingOf(name)
      if (input.control === 'switch') continue
      for (const value of [notebook, quick]) {
        // What is off has no flag.
        if (value !== null && value !== false) expect(input.parse(String(value)), name).toEqual(value)
      }
    }
  })
})

describe('what settings take', () => {
  it('whole numbers in a range, and no other word', () => {
    const input = wholeNumber({ minimum: 0, maximum: 256 })
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (value) => {
        expect(input.parse(String(value))).toBe(value >= 0 && value <= 256 ? value : undefined)
      }),
    )
    for (const word of ['', '1.5', '1e2', ' 1', '0x1', 'many']) expect(input.parse(word)).toBeUndefined()
  })

  it('a limit or the word for none', () => {
    const input = limitOr(-1, 'the whole epoch')
    expect(['-1', '1', '20', '0', '-2'].map(input.parse)).toEqual([-1, 1, 20, undefined, undefined])
    expect([-1, 2000].map((value) => input.format(value))).toEqual(['the whole epoch', '2,000'])
  })

  it('numbers of devices, ascending and each once, of which one is shared', () => {
    const input = deviceCounts(64)
    expect(input.parse('4, 1,2,2')).toEqual([1, 2, 4])
    expect(['auto', 'none', ''].map(input.parse)).toEqual([true, false, false])
    for (const word of ['1', '0,2', '2,65', '2,', 'two', '2;4', '1.5']) {
      expect(input.parse(word), word).toBeUndefined()
    }
    for (const value of [[1], [], [4, 2], [2, 2], 'auto', [2, 1.5]]) {
      expect(input.schema.safeParse(value).success, JSON.stringify(value)).toBe(false)
    }
    expect([true, false, [1, 2, 4]].map(input.format)).toEqual(['2, 4, 8 and so on', 'none', '1, 2, 4'])
  })

  it('some of a few names, each once and in their order', () => {
    const input = someOf(['a', 'b', 'c'])
    expect(input.parse('c, a,c')).toEqual(['a', 'c'])
    expect(input.parse('a,d')).toBeUndefined()
    expect(input.parse('')).toBeUndefined()
  })
})
