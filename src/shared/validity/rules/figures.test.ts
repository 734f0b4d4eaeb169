import { describe, expect, it } from 'vitest'
import type { MeasurementSummary } from '../../results/results.js'
import { conditionsWith, epochs, found, measured, quietRun, runWith } from '../quiet-run.fixture.js'

describe('efficiency above 100 %', () => {
  const dpIn = (seconds: number, blocks = 1) => runWith('dp', { epochs: epochs(seconds) }, blocks)

  it('is nothing below', () => {
    expect(found(dpIn(1.6), 'above-ideal')).toEqual([])
  })

  it('is a note where chance explains it, a warning where it does not, and unreliable where nothing could', () => {
    expect(found(dpIn(1.47), 'above-ideal')[0]).toMatchObject({ severity: 'note', strategies: ['dp'] })
    expect(found(dpIn(1.38), 'above-ideal')[0]).toMatchObject({ severity: 'warning' })
    expect(found(dpIn(1.29), 'above-ideal')[0]).toMatchObject({ severity: 'unreliable', strategies: ['dp'] })
  })

  it('is explained by larger batches a device, and by higher clocks', () => {
    const fast: Partial<MeasurementSummary> = { epochs: epochs(1.2) }
    const clock = { meanMegahertz: 3_000, leastMegahertz: 3_000 }
    for (const explanation of [
      { perDeviceBatchSize: 128 },
      { conditions: conditionsWith({ cpu: { clock } }) },
    ]) {
      expect(found(runWith('dp', { ...fast, ...explanation }), 'above-ideal')[0]).toMatchObject({
        severity: 'warning',
      })
    }
  })

  it('is sure where the whole interval is above', () => {
    const sure = dpIn(1.47, 4)
    expect(found(sure, 'above-ideal')[0]).toMatchObject({ severity: 'warning' })
    // The same mean, from repeats that do not agree.
    const seconds = [1.1, 1.9, 1.2, 1.8]
    const measurements = sure.measurements.map((one) =>
      one.id === 'dp' ? { ...one, epochs: epochs(seconds[one.block] as number) } : one,
    )
    expect(found({ ...sure, measurements }, 'above-ideal')[0]).toMatchObject({ severity: 'note' })
  })
})

describe('a steady pace', () => {
  it('takes enough steps', () => {
    expect(found(runWith('dp', { epochs: epochs(2, { steps: 10 }) }), 'few-steps')).toEqual([])
    expect(found(runWith('dp', { epochs: epochs(2, { steps: 9 }) }), 'few-steps')).toEqual([
      {
        code: 'few-steps',
        severity: 'unreliable',
        strategies: ['dp'],
        message: expect.stringMatching(/^DP made only 18 steps in 4\.0 s, too few/),
      },
    ])
  })

  it('takes long enough', () => {
    expect(found(runWith('dp', { epochs: epochs(0.5) }), 'few-steps')).toEqual([])
    expect(found(runWith('dp', { epochs: epochs(0.4) }), 'few-steps')).toMatchObject([
      { severity: 'unreliable', message: expect.stringMatching(/^DP made only 32 steps in 0\.8 s/) },
    ])
  })

  it('has a first epoch like the others', () => {
    const first = (seconds: number) =>
      runWith('ddp', {
        epochs: epochs(2).map((epoch) => (epoch.epoch === 0 ? { ...epoch, seconds } : epoch)),
      })
    expect(found(first(2.19), 'slow-first-epoch')).toEqual([])
    expect(found(first(1), 'slow-first-epoch')).toEqual([])
    expect(found(first(2.3), 'slow-first-epoch')[0]).toMatchObject({
      severity: 'warning',
      strategies: ['ddp'],
      message: expect.stringMatching(/up to 15\.0 % slower than later ones in DDP\./),
    })
  })
})

describe('drift over blocks', () => {
  const singleIn = (seconds: readonly number[]) => {
    const run = quietRun({}, seconds.length)
    return {
      ...run,
      measurements: run.measurements.map((one) =>
        one.id === 'single' ? { ...one, epochs: epochs(seconds[one.block] as number) } : one,
      ),
    }
  }

  it('is a change that goes on from block to block', () => {
    expect(found(singleIn([3, 3.1, 3.2, 3.3, 3.4]), 'drift')[0]).toMatchObject({
      severity: 'warning',
      strategies: ['single'],
      message: expect.stringMatching(/Single 11\.\d % slower/),
    })
    expect(found(singleIn([3.4, 3.3, 3.2, 3.1, 3]), 'drift')[0]?.message).toMatch(/Single 13\.\d % faster/)
  })

  it('is none where repeats only differ, nor where they change by little, nor in three of them', () => {
    expect(found(singleIn([3, 3.5, 3, 3.4, 3.1]), 'drift')).toEqual([])
    expect(found(singleIn([3, 3.02, 3.04, 3.06, 3.08]), 'drift')).toEqual([])
    expect(found(singleIn([3, 3.5, 4]), 'drift')).toEqual([])
  })

  it('is seen in three blocks where all strategies share it', () => {
    const slowing = (slowdown: number) => {
      const run = quietRun({}, 3)
      const measurements = run.measurements.map((one) => {
        const noise = 1 + 0.005 * ((one.block + one.title.length) % 3)
        const seconds = (one.epochs[0]?.seconds ?? 0) * noise * (1 + slowdown * one.block)
        return { ...one, epochs: epochs(seconds) }
      })
      return { ...run, measurements }
    }
    expect(found(slowing(0.05), 'drift')).toMatchObject([
      {
        severity: 'warning',
        strategies: [],
        message: expect.stringMatching(/everything became \d\.\d % slower, and nothing/),
      },
    ])
    expect(found(slowing(0.01), 'drift')).toEqual([])
  })
})

describe('repeats', () => {
  const failed: Partial<MeasurementSummary> = {
    status: 'failed',
    epochs: [],
    error: { code: 'trainer-exit', message: 'DDP rank 1 failed with exit code 3', hint: '' },
  }
  const inBlock = (block: number, changes: Partial<MeasurementSummary>) => {
    const run = quietRun({}, 5)
    return {
      ...run,
      measurements: run.measurements.map((one) =>
        one.id === 'ddp' && one.block === block ? { ...one, ...changes } : one,
      ),
    }
  }

  it('that failed are counted, with what happened, and left out', () => {
    const run = inBlock(2, failed)
    expect(found(run, 'repeats-failed').map(({ message }) => message)).toEqual([
      'DDP failed in 1 of 5 blocks: DDP rank 1 failed with exit code 3.',
    ])
    expect(found(run, 'blocks-left-out').map(({ message }) => message)).toEqual([
      'DDP and Single were both measured in 4 of 5 blocks; the others are left out of the speedup.',
    ])
  })

  it('that were all measured are no finding', () => {
    expect(found(quietRun({}, 5), 'repeats-failed')).toEqual([])
    expect(found(quietRun({}, 5), 'blocks-left-out')).toEqual([])
  })

  it('that were stopped are said', () => {
    const run = { ...inBlock(4, { status: 'cancelled' }), status: 'cancelled' as const }
    expect(found(run, 'stopped').map(({ message }) => message)).toEqual([
      'The run was stopped; DDP did not finish.',
    ])
    expect(found(quietRun(), 'stopped')).toEqual([])
  })

  it('that are still to come are not left out, and the run is not at its end', () => {
    const run = { ...inBlock(4, { status: 'running', epochs: [] }), status: 'incomplete' as const }
    expect(found(run, 'blocks-left-out')).toEqual([])
    expect(found(run, 'unfinished')[0]?.severity).toBe('warning')
    expect(found(quietRun(), 'unfinished')).toEqual([])
  })
})

describe('a base', () => {
  it('that is missing is a note beside what was measured', () => {
    expect(found(quietRun({ measurements: [measured('ddp')] }), 'no-base')[0]?.severity).toBe('note')
    expect(found(quietRun(), 'no-base')).toEqual([])
    expect(found(quietRun({ measurements: [measured('single')] }), 'no-base')).toEqual([])
  })
})

describe('a run in which nothing was measured', () => {
  it('cannot be judged', () => {
    const nothing = { status: 'skipped' as const, skipReason: 'one device', epochs: [], conditions: null }
    expect(found(quietRun({ measurements: [measured('dp', 0, nothing)] }), 'nothing-measured')).toHaveLength(
      1,
    )
    expect(found(quietRun(), 'nothing-measured')).toEqual([])
  })
})

describe('measurements that were taken again', () => {
  it('are noted, with what disturbed those before', () => {
    const reason = 'other programs took 48.0 % of the measured cores'
    const putAside = [{ reason, epochs: [], conditions: null }]
    expect(found(runWith('ddp', { putAside }), 'measured-again')).toEqual([
      {
        code: 'measured-again',
        severity: 'note',
        strategies: ['ddp'],
        message: `DDP was measured again, because it was disturbed: ${reason}.`,
      },
    ])
    expect(found(quietRun(), 'measured-again')).toEqual([])
  })
})
