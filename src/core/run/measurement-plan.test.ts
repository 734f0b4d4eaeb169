import { describe, expect, it } from 'vitest'
import type { EngineName } from '../../shared/domain/engines.js'
import { resultsSchema } from '../../shared/results/results.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { type ComputeInventory, resolveDevices } from '../devices/resolve.js'
import { planMeasurements } from './measurement-plan.js'

const twoCores: ComputeInventory = { cores: [0, 1], gpus: [] }
const gpus = (count: number): ComputeInventory => ({
  cores: [0, 1, 2, 3],
  gpus: Array.from({ length: count }, (_, index) => ({ index, model: 'H200' })),
})

function plan(
  inventory: ComputeInventory,
  changes: Partial<RunConfiguration> = {},
  more: { engines?: EngineName[]; isGroupOfOneAllowed?: boolean } = {},
) {
  const configuration = { ...notebookPreset, batchSizeSingle: 128, perGpuBatchSize: 64, ...changes }
  const devices = resolveDevices(configuration.devices, inventory, { cuda: true })
  return planMeasurements({ configuration, devices, engines: ['tensorflow'], ...more })
}

describe('the plan of a run', () => {
  it('measures Single twice on CPU devices: on one, and on all cores', () => {
    const measurements = plan(twoCores)
    expect(measurements.map(({ id, status }) => [id, status])).toEqual([
      ['single', 'running'],
      ['single-all-cores', 'running'],
      ['dp', 'running'],
      ['ddp', 'running'],
    ])
    expect(measurements.map(({ devices }) => devices.map(({ cores }) => cores))).toEqual([
      [[0]],
      [[0, 1]],
      [[0], [1]],
      [[0], [1]],
    ])
  })

  it('names what is slowed on purpose, and nothing else', () => {
    const titles = plan(twoCores, { slowRank: '1:1.5x' }).map(({ title }) => title)
    expect(titles).toEqual(['Single', 'Single (all cores)', 'DP', 'DDP, rank 1 slowed 1.5x on purpose'])
  })

  it('skips all cores on WebAssembly, which has one thread', () => {
    const allCores = plan(twoCores, {}, { engines: ['wasm'] })[1]
    expect(allCores).toMatchObject({ status: 'skipped', skipReason: expect.stringContaining('one thread') })
  })

  it('has a global batch of the per-device batch times the devices', () => {
    const [single, dp, ddp] = plan(gpus(4))
    expect(single).toMatchObject({ globalBatchSize: 128, worldSize: 1 })
    expect(dp).toMatchObject({ perDeviceBatchSize: 64, globalBatchSize: 256, worldSize: 1 })
    expect(ddp).toMatchObject({ perDeviceBatchSize: 64, globalBatchSize: 256, worldSize: 4 })
  })

  it.each([
    ['gpu', gpus(1), 'DataParallel needs at least 2 devices; this machine has 1 GPU'],
    ['gpu:1', gpus(2), 'DataParallel needs at least 2 devices; --devices gpu:1 is 1 GPU'],
    [
      'auto',
      { cores: [0], gpus: [] },
      'DataParallel needs at least 2 devices; this machine has 1 CPU device',
    ],
  ])('skips DP and DDP with the reason where there is one device (%s)', (devices, inventory, reason) => {
    const measurements = plan(inventory, { devices })
    expect(measurements.map(({ id, status }) => [id, status])).toEqual([
      ['single', 'running'],
      ['dp', 'skipped'],
      ['ddp', 'skipped'],
    ])
    expect(measurements[1]?.skipReason).toBe(reason)
    expect(measurements[2]?.skipReason).toBe(reason.replace('DataParallel', 'DistributedDataParallel'))
  })

  it('skips DP on MIG instances, of which CUDA shows one to a process', () => {
    const instances = {
      cores: [0],
      gpus: ['MIG-a', 'MIG-b'].map((uuid, index) => ({ index, uuid, model: 'A100' })),
    }
    const measurements = plan(instances, { devices: 'gpu' })
    expect(measurements.map(({ id, status }) => [id, status])).toEqual([
      ['single', 'running'],
      ['dp', 'skipped'],
      ['ddp', 'running'],
    ])
    expect(measurements[1]?.skipReason).toMatch(/one MIG instance to a process/)
  })

  it('lets a DDP group of one run when that is what was asked for', () => {
    const measurements = plan(
      twoCores,
      { devices: 'cpu:1', strategies: ['ddp'] },
      { isGroupOfOneAllowed: true },
    )
    expect(measurements).toMatchObject([{ id: 'ddp', status: 'running', worldSize: 1, globalBatchSize: 64 }])
  })

  it('measures only what was asked for', () => {
    expect(plan(twoCores, { strategies: ['ddp'] }).map(({ id }) => id)).toEqual(['ddp'])
  })

  it('demands GPUs where they are required', () => {
    const required = { requireGpu: true, devices: 'gpu' }
    expect(() => plan(gpus(1), required)).toThrow(
      /^--require-gpu: single, dp, ddp needs 2 GPUs; this run has 1$/,
    )
    expect(() => plan(twoCores, { requireGpu: true })).toThrow(/this run has 0/)
    expect(plan(gpus(1), { ...required, strategies: ['single'] })).toHaveLength(1)
    expect(plan(gpus(2), required)).toHaveLength(3)
  })

  it('sweeps device counts: 2, 4 ... and all of them', () => {
    const measurements = plan(gpus(6), { devices: 'gpu', sweep: true, strategies: ['single', 'ddp'] })
    expect(measurements.map(({ id, title, worldSize }) => [id, title, worldSize])).toEqual([
      ['single', 'Single', 1],
      ['ddp@2', 'DDP x2', 2],
      ['ddp@4', 'DDP x4', 4],
      ['ddp', 'DDP x6', 6],
    ])
  })

  it('sweeps the device counts that were chosen; one is the base', () => {
    const chosen = plan(gpus(6), { devices: 'gpu', sweep: [1, 3, 6], strategies: ['single', 'ddp'] })
    expect(chosen.map(({ id, title }) => [id, title])).toEqual([
      ['single', 'Single'],
      ['ddp@3', 'DDP x3'],
      ['ddp', 'DDP x6'],
    ])
  })

  it("keeps Single's global batch with strong scaling, and refuses one that does not divide", () => {
    const strong = { devices: 'gpu', scaling: 'strong' as const, batchSizeSingle: 96 }
    expect(plan(gpus(4), strong)[2]).toMatchObject({ perDeviceBatchSize: 24, globalBatchSize: 96 })
    expect(() => plan(gpus(5), strong)).toThrow(/global batch of 96 does not divide over 5 devices/)
  })

  it('is valid in a results document from the start', () => {
    for (const measurement of plan(gpus(1), { devices: 'gpu' })) {
      expect(resultsSchema.shape.measurements.element.parse(measurement)).toEqual(measurement)
    }
  })
})

describe('the plan of a run over several machines', () => {
  /** So many devices on each machine, by their numbers. */
  function planOver(
    counts: readonly number[],
    changes: Partial<RunConfiguration> = {},
    engine: EngineName = 'pytorch',
  ) {
    const configuration = { ...notebookPreset, batchSizeSingle: 128, perGpuBatchSize: 64, ...changes }
    const resolved = resolveDevices('gpu', gpus(Math.max(...counts)), { cuda: true })
    const devices = counts.flatMap((count, machine) =>
      resolved.devices.slice(0, count).map((device) => ({ ...device, machine })),
    )
    const planned = planMeasurements({ configuration, devices: { ...resolved, devices }, engines: [engine] })
    return planned.map(({ id, title, devices: used, status }) => ({
      id,
      title,
      machines: used.map(({ machine }) => machine ?? 0),
      status,
    }))
  }

  it('has Single on one device, DP on one machine, DDP on one and on all', () => {
    expect(planOver([2, 2])).toEqual([
      { id: 'single', title: 'Single', machines: [0], status: 'running' },
      { id: 'dp', title: 'DP', machines: [0, 0], status: 'running' },
      { id: 'ddp@2', title: 'DDP x2, 1 machine', machines: [0, 0], status: 'running' },
      { id: 'ddp', title: 'DDP x4, 2 machines', machines: [0, 0, 1, 1], status: 'running' },
    ])
  })

  it('has the counts between with a sweep, and the border of the first machine', () => {
    const ids = planOver([3, 3], { sweep: true, strategies: ['ddp'] }).map(({ id }) => id)
    expect(ids).toEqual(['ddp@2', 'ddp@3', 'ddp@4', 'ddp'])
    const named = planOver([2, 2, 2], { sweep: [1, 4], strategies: ['single', 'ddp'] })
    expect(named.map(({ title }) => title)).toEqual(['Single', 'DDP x4, 2 machines', 'DDP x6, 3 machines'])
  })

  it('has no DDP on one machine where that has one device', () => {
    expect(planOver([1, 1], { strategies: ['ddp'] }).map(({ title }) => title)).toEqual([
      'DDP x2, 2 machines',
    ])
  })

  it('skips what an engine cannot do between machines, with the reason', () => {
    const configuration = { ...notebookPreset, batchSizeSingle: 128, perGpuBatchSize: 64 }
    const resolved = resolveDevices('cpu:2', twoCores, { cuda: false })
    const devices = resolved.devices.map((device, machine) => ({ ...device, machine }))
    const [ddp] = planMeasurements({
      configuration: { ...configuration, strategies: ['ddp'] },
      devices: { ...resolved, devices },
      engines: ['wasm'],
    })
    expect(ddp).toMatchObject({
      status: 'skipped',
      skipReason: 'WebAssembly exchanges gradients within one machine only',
    })
  })
})
