import { describe, expect, it } from 'vitest'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { resolveDevices } from '../devices/resolve.js'
import type { BenchmarkPorts } from './benchmark-ports.js'
import { fakeHost } from './fake-host.fixture.js'
import { fakeRun } from './fake-run.fixture.js'
import { fillDevices } from './fill-devices.js'
import { keptPaces } from './kept-paces.fixture.js'
import { planMeasurements } from './measurement-plan.js'
import { paceKey } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import { RunWarnings } from './run-warnings.js'

const options = { signal: new AbortController().signal, onEvent() {} }

/** A prepared quick run on two GPUs that are none. */
function runOnGpus(changes: Partial<RunConfiguration> = {}): PreparedRun {
  const gpus = [0, 1].map((index) => ({ index, model: 'H100' }))
  const devices = resolveDevices('gpu', { cores: [0, 1], gpus }, { cuda: true })
  const plan = (configuration: RunConfiguration) =>
    planMeasurements({ configuration, devices, engines: ['tensorflow'] })
  const quick = { preset: 'quick' as const, batchSizeSingle: 64, perGpuBatchSize: 32 }
  const run = fakeRun({ ...quick, quickChooses: ['batch'], ...changes }, 'tensorflow')
  return { ...run, baseDevice: devices.base, plan, measurements: plan(run.configuration) }
}

/** The base is known to make so many images/s by images a step; what is not known is tried, and fails. */
function portsWith(prepared: PreparedRun, imagesPerSecond: Record<number, number>): BenchmarkPorts {
  const [base] = prepared.measurements
  if (base === undefined) throw new Error('no plan')
  const known = Object.entries(imagesPerSecond).map(([batch, rate]) => {
    const images = Number(batch)
    const key = paceKey({ ...base, globalBatchSize: images, perDeviceBatchSize: images }, prepared)
    return [key, [{ from: 'trial' as const, fixedMs: 1, imageMs: 1000 / rate }]] as const
  })
  return {
    trainers: fakeHost({ fault: 'report' }),
    saveResults: async () => {},
    observer: null,
    warnings: new RunWarnings(),
    paces: keptPaces(new Map(known)),
  }
}

const batchOf = async (prepared: PreparedRun, rates: Record<number, number>) => {
  const { configuration, measurements } = await fillDevices(prepared, portsWith(prepared, rates), options)
  const [single, dp] = measurements
  return [configuration.batchSizeSingle, single?.globalBatchSize, dp?.globalBatchSize]
}

describe('a batch that fills GPUs', () => {
  it('is doubled while that makes more images/s, for every strategy alike', async () => {
    const rates = { 64: 1_000, 128: 1_900, 256: 3_400, 512: 3_500, 1024: 9_000 }
    expect(await batchOf(runOnGpus(), rates)).toEqual([256, 256, 256])
  })

  it('is the last one that the memory sufficed for', async () => {
    expect(await batchOf(runOnGpus(), { 64: 1_000, 128: 2_000 })).toEqual([128, 128, 128])
  })

  it('is not looked for where someone chose one, nor on CPU devices', async () => {
    const rates = { 64: 1_000, 128: 2_000 }
    expect(await batchOf(runOnGpus({ quickChooses: [] }), rates)).toEqual([64, 64, 64])
    const onCores = fakeRun({ preset: 'quick', quickChooses: ['batch'] })
    expect(await fillDevices(onCores, portsWith(onCores, {}), options)).toBe(onCores)
  })
})
