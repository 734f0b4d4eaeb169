import { describe, expect, it } from 'vitest'
import { groupSteps, plannedMeasurement, runStarted } from '../live/live-run.fixture.js'
import { LiveRun } from '../live/live-run.js'
import { stepChannels } from '../live/step-series.js'
import { trainedUnitOf } from '../run/trained-unit.js'
import type { Script } from './script.js'
import { configurationOf } from './script-configuration.js'
import { countingNote, countsWithoutSamples, worthOfStep } from './script-counting.js'

const script: Script = {
  ...{ command: ['python', 'train.py'], folder: '/project', worlds: [1, 2], launcher: 'tandem' },
  ...{ isInScratch: false, steps: 40, warmUpSteps: 5, startSeconds: 600 },
  ...{ perDeviceBatch: null, globalBatch: null },
}

describe('a script whose samples are not known', () => {
  it.each([
    ['nothing was said, one rank', { worlds: [1] }, 'steps', [1], 'step'],
    ['nothing was said, several ranks', {}, 'steps', [1, 1], 'rank step'],
    ['the batch of a rank was said', { perDeviceBatch: 32 }, 'said-samples', [32, 32], 'sample'],
    ['the batch of all was said', { globalBatch: 64 }, 'said-samples', [64, 32], 'sample'],
  ] as const)('%s', (_, said, counts, worth, unit) => {
    const told: Script = { ...script, ...said, worlds: [...('worlds' in said ? said.worlds : [1, 2])] }
    expect(countsWithoutSamples(told)).toBe(counts)
    expect(told.worlds.map((ranks) => worthOfStep(told, ranks))).toEqual(worth)
    expect(trainedUnitOf({ script: { ...told, counts } })).toBe(unit)
    expect(countingNote(told)).toMatch(/^Samples: .*DataLoader.*tandem_probe\.report\(samples=…\)/)
  })

  it('says what its speedup rests on, where steps are compared', () => {
    expect(countingNote(script)).toMatch(/takes each of them for equal work/)
    expect(countingNote({ ...script, worlds: [1] })).not.toMatch(/speedup/)
    expect(countingNote({ ...script, globalBatch: 64 })).toMatch(
      /64 samples in a step of all ranks, as --global-batch/,
    )
  })
})

describe('a run that has counted samples, and finds a step without', () => {
  const configuration = configurationOf(script, { repeats: 1, seed: 0, deviceKind: 'cpu' })
  const begin = (): LiveRun => {
    const measurements = [plannedMeasurement('single'), plannedMeasurement('ddp')]
    const run = LiveRun.begin({ ...runStarted(measurements), configuration })
    if (run === null) throw new Error('no run began')
    run.apply({ type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 3_000 })
    return run
  }
  const steps = groupSteps(0, 3_000, { stepMs: 10, perEpoch: 3_000 })

  it('shows all of its steps as if they had been counted so from the beginning', () => {
    const [found, known] = [begin(), begin()]
    const note = { type: 'note', text: 'why', samplesPerEpoch: null, counts: 'steps' } as const
    found.apply({ type: 'steps', id: 'ddp', steps })
    found.apply(note)
    known.apply(note)
    known.apply({ type: 'steps', id: 'ddp', steps: steps.map((step) => ({ ...step, images: 2 })) })
    const [after, from] = [found.steps('ddp'), known.steps('ddp')]
    expect(after?.meanImagesPerSecond).toBeCloseTo(200, 6)
    expect(after?.images).toBe(from?.images)
    for (const channel of stepChannels) {
      const at = stepChannels.indexOf(channel)
      expect(after?.group.mean(at, 700) ?? null, channel).toEqual(
        from?.group.mean(at, 700) === null ? null : expect.closeTo(from?.group.mean(at, 700) as number, 6),
      )
    }
    expect(found.head.configuration.script?.counts).toBe('steps')
  })
})
