import { describe, expect, it } from 'vitest'
import type { OfferedScript } from '../../../shared/script/offered-script.js'
import { configurationOf } from '../../../shared/script/script-configuration.js'
import { checkScriptDraft, draftOf } from './script-draft.js'

const offered: OfferedScript = {
  script: {
    ...{ command: ['python', 'train.py'], folder: '/project', worlds: [1, 2], launcher: 'tandem' },
    ...{ isInScratch: false, steps: 40, warmUpSteps: 5, startSeconds: 600 },
    ...{ perDeviceBatch: null, globalBatch: null },
  },
  ...{ repeats: 3, seed: 7, deviceKind: 'auto', python: null },
}

describe('the form for a script', () => {
  it('begins with what was chosen in the terminal, and asks for that', () => {
    const { script, repeats, seed, deviceKind } = offered
    expect(checkScriptDraft(draftOf(offered), offered)).toEqual({
      ok: true,
      configuration: configurationOf(script, { repeats, seed, deviceKind }),
    })
  })

  it.each([
    ['worlds', '1,x'],
    ['worlds', '65'],
    ['repeats', 0],
    ['repeats', ''],
    ['steps', 1.5],
    ['steps', 100_001],
    ['warmUpSteps', '-'],
  ])('says what is allowed where %s is %j', (name, value) => {
    const checked = checkScriptDraft({ ...draftOf(offered), [name]: value }, offered)
    expect(checked).toEqual({ ok: false, problems: { [name]: expect.stringMatching(/^Allowed: /) } })
  })

  it.each([
    ['script', { perDeviceBatch: null, globalBatch: null }],
    ['rank', { perDeviceBatch: 32, globalBatch: null }],
    ['all', { perDeviceBatch: null, globalBatch: 32 }],
  ] as const)('takes a batch as it is meant: %s', (batch, expected) => {
    const checked = checkScriptDraft({ ...draftOf(offered), batch, batchSize: 32 }, offered)
    expect(checked).toMatchObject({ ok: true, configuration: { script: expected } })
  })

  it('keeps the copy of the folder that was asked for in the terminal', () => {
    const careful = { ...offered, script: { ...offered.script, isInScratch: true } }
    const checked = checkScriptDraft({ ...draftOf(careful), isInScratch: false }, careful)
    expect(checked).toMatchObject({ ok: true, configuration: { script: { isInScratch: true } } })
  })
})
