import { describe, expect, it } from 'vitest'
import { epochs, measured, quietRun } from '../validity/quiet-run.fixture.js'
import { measureAgain } from './measure-again.js'
import { notebookPreset, quickPreset } from './presets.js'

const custom = { ...notebookPreset, preset: 'custom' as const, epochs: 2 }

describe('measuring again', () => {
  it('is five repeats of the same, as long as they took', () => {
    const { configuration, seconds } = measureAgain({ ...quietRun(), configuration: custom })
    expect(configuration).toEqual({ ...custom, repeats: 5 })
    // Epochs of 3, 1.8 and 2 s, two of each; and what lies between processes.
    expect(seconds).toBeCloseTo(5 * (2 * (3 + 1.8 + 2) + 3 * 1.2))
  })

  it('makes as many epochs as a pace needs where there were too few steps, or too little time', () => {
    const few = [measured('single', 0, { epochs: epochs(2, { steps: 4 }) })]
    expect(measureAgain({ configuration: custom, measurements: few }).configuration.epochs).toBe(6)
    const short = [measured('single', 0, { epochs: epochs(0.1) })]
    expect(measureAgain({ configuration: custom, measurements: short }).configuration.epochs).toBe(10)
  })

  it('lets quick fit the amount anew, in five blocks that are no longer its own to reduce', () => {
    const chosen = { ...quickPreset, samplesPerEpoch: 704 }
    const { configuration, seconds } = measureAgain({ ...quietRun(), configuration: chosen })
    expect(configuration).toEqual({ ...quickPreset, repeats: 5, quickChooses: ['batch'] })
    expect(seconds).toBe(100)
  })

  it('promises no time where nothing was measured', () => {
    expect(measureAgain({ configuration: custom, measurements: [] }).seconds).toBeNull()
  })
})
