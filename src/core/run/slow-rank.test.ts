import { describe, expect, it } from 'vitest'
import type { EngineName } from '../../shared/domain/engines.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { resolveDevices } from '../devices/resolve.js'
import { planMeasurements } from './measurement-plan.js'
import { assertSlowRank } from './slow-rank.js'
import { trainerJobs } from './trainer-jobs.js'

const engines: EngineName[] = ['wasm']

function planned(changes: Partial<RunConfiguration>) {
  const configuration = { ...notebookPreset, batchSizeSingle: 128, perGpuBatchSize: 64, ...changes }
  const devices = resolveDevices('cpu:2', { cores: [0, 1], gpus: [] }, { cuda: false })
  return { configuration, measurements: planMeasurements({ configuration, devices, engines }) }
}

function check(changes: Partial<RunConfiguration>, names = engines): void {
  const { configuration, measurements } = planned(changes)
  assertSlowRank(configuration, measurements, names)
}

describe('a rank to be slowed', () => {
  it('is one that a measurement has', () => {
    check({ slowRank: '1:1.5x' })
    check({})
    expect(() => check({ slowRank: '2:1.5x' })).toThrow('--slow-rank 2:1.5x: there are ranks 0 to 1')
    expect(() => check({ slowRank: '1:1.5x', strategies: ['single', 'dp'] })).toThrow(
      'no strategy with several ranks is measured',
    )
  })

  it('is refused where no rank can wait', () => {
    expect(() => check({ slowRank: '1:1.5x', collective: 'tensorflow' })).toThrow('one call')
    expect(() => check({ slowRank: '1:1.5x' }, ['pytorch'])).toThrow('PyTorch cannot slow a rank')
    const { configuration, measurements } = planned({ slowRank: '1:1.5x' })
    const overMachines = measurements.map((measurement) => ({
      ...measurement,
      devices: measurement.devices.map((device, machine) => ({ ...device, machine })),
    }))
    expect(() => assertSlowRank(configuration, overMachines, ['tensorflow'])).toThrow('one call')
  })

  it('is told to its trainer, and to no other', () => {
    const { configuration, measurements } = planned({ slowRank: '1:1.5x' })
    const input = {
      runId: 'x',
      configuration,
      backends: [{ name: 'wasm' as const }],
      data: { kind: 'synthetic' as const, trainSamples: 1, testSamples: 1 },
    }
    const slowdowns = measurements.map((measurement) =>
      trainerJobs(measurement, input, null).map(({ slowdown }) => slowdown ?? null),
    )
    expect(slowdowns).toEqual([[null], [null], [null], [null, 1.5]])
  })
})
