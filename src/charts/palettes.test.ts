import { describe, expect, it } from 'vitest'
import { allCores } from '../shared/domain/measurement-ids.js'
import { strategies, strategyNames } from '../shared/domain/strategies.js'
import { phaseNames } from '../shared/explain/phases.js'
import { phases } from '../shared/live/group-step.js'
import { deviceStyle, phaseColour, stepPartFill } from './palettes.js'

const parts = [...phases.map(({ name }) => name), 'other'] as const
const schemes = ['light', 'dark'] as const

describe.each(schemes)('the palettes on %s ground', (scheme) => {
  const ofStrategies = [...strategyNames.map((name) => strategies[name].look), allCores.look]
  const ofPhases = [
    ...phaseNames.map((name) => phaseColour(name, scheme)),
    ...parts.map((name) => stepPartFill(name, scheme).colour),
  ]
  const ofDevices = Array.from({ length: 6 }, (_, index) => deviceStyle(index, scheme).colour)

  it('share no colour', () => {
    const families = [ofStrategies.map((look) => look[scheme]), ofPhases, ofDevices].map(
      (colours) => new Set(colours),
    )
    const all = new Set(families.flatMap((family) => [...family]))
    expect(all.size).toBe(families.reduce((sum, { size }) => sum + size, 0))
  })

  it('keep the parts of a step apart without hue: by lightness, or by stripes', () => {
    const fills = parts.map((name) => stepPartFill(name, scheme))
    for (const [index, one] of fills.entries()) {
      for (const other of fills.slice(index + 1)) {
        const isApart = Math.abs(lightness(one.colour) - lightness(other.colour)) > 8
        expect(isApart || one.isStriped !== other.isStriped).toBe(true)
      }
    }
  })
})

it('lines of devices differ in dash from their neighbours, and none of many is like another', () => {
  const styles = Array.from({ length: 36 }, (_, index) => deviceStyle(index, 'light'))
  for (const [index, style] of styles.slice(1).entries()) {
    expect(style.dash).not.toEqual(styles[index]?.dash)
  }
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(styles.length)
})

/** L* of CIELAB, 0 to 100. */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return luminance <= 216 / 24389 ? (luminance * 24389) / 27 : 116 * Math.cbrt(luminance) - 16
}
