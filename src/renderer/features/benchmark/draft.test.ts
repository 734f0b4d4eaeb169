import { describe, expect, it } from 'vitest'
import { notebookPreset, quickPreset } from '../../../shared/run/presets.js'
import { changed, checkDraft, presetOf } from './draft.js'

describe('settings that are being typed', () => {
  it('can be run when they are whole', () => {
    expect(checkDraft(notebookPreset)).toEqual({ ok: true, configuration: notebookPreset })
  })

  it.each([
    ['epochs', '', 'Allowed: whole numbers from 1'],
    ['epochs', 1.5, 'Allowed: whole numbers from 1'],
    ['batchSizeSingle', 0, 'Allowed: whole numbers from 1'],
    ['maxStepsPerEpoch', 0, 'Allowed: whole numbers from 1, or -1 for the whole epoch'],
    ['learningRate', 'fast', 'Allowed: numbers above 0, such as 0.1 or 1e-3'],
    ['devices', 'gpu:x', 'Allowed: auto, cpu, cpu:N, gpu or gpu:0,1'],
    ['strategies', [], 'Choose at least one'],
    ['seed', 2 ** 32, 'Allowed: whole numbers from 0 to 4,294,967,295'],
  ] as const)('say what is allowed where %s is %j', (name, value, problem) => {
    const draft = { ...notebookPreset, [name]: value }

    expect(checkDraft(draft)).toEqual({ ok: false, problems: { [name]: problem } })
  })

  it('are custom once a value differs from the preset, and the preset again when it does not', () => {
    const custom = changed(notebookPreset, 'epochs', 5)
    expect(custom).toMatchObject({ preset: 'custom', epochs: 5 })
    expect(changed(custom, 'epochs', notebookPreset.epochs)).toEqual(notebookPreset)
    expect(presetOf(custom)).toBeNull()
  })

  it('stay quick, whose time is fitted to what is changed, unless that is how much is trained', () => {
    expect(changed(quickPreset, 'modelName', 'resnet34')).toMatchObject({
      preset: 'quick',
      quickChooses: ['repeats', 'batch'],
    })
    const withBatch = changed(quickPreset, 'batchSizeSingle', 32)
    expect(withBatch).toMatchObject({ preset: 'quick', quickChooses: ['repeats'] })
    expect(changed(withBatch, 'repeats', 5)).toMatchObject({ preset: 'quick', quickChooses: [] })
    expect(changed(withBatch, 'batchSizeSingle', 64)).toEqual(quickPreset)
    for (const name of ['samplesPerEpoch', 'maxStepsPerEpoch'] as const) {
      expect(changed(quickPreset, name, 128)).toMatchObject({ preset: 'custom', quickChooses: [] })
    }
  })
})
