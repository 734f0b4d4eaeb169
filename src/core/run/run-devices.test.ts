import { describe, expect, it } from 'vitest'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { resolveRunDevices } from './run-devices.js'

/** Of a machine with so many cores and GPUs. */
function devicesOf(
  changes: Partial<RunConfiguration>,
  { cores = 8, gpus = 0 } = {},
  processes?: number,
): string[] {
  const inventory = {
    cores: Array.from({ length: cores }, (_, core) => core),
    gpus: Array.from({ length: gpus }, (_, index) => ({ index, model: 'H100' })),
  }
  const configuration = { ...notebookPreset, ...changes }
  const { devices } = resolveRunDevices(configuration, inventory, { cuda: gpus > 0 }, processes)
  return devices.map(({ kind, index }) => `${kind}${index}`)
}

const counts = (length: number, kind: 'cpu' | 'gpu'): string[] =>
  Array.from({ length }, (_, index) => `${kind}${index}`)

describe('the devices of a sweep', () => {
  it('are as many as its largest number: GPUs where there are enough, else CPU devices', () => {
    expect(devicesOf({ sweep: [1, 2, 4] })).toEqual(counts(4, 'cpu'))
    expect(devicesOf({ sweep: [2, 4] }, { gpus: 8 })).toEqual(counts(4, 'gpu'))
    expect(devicesOf({ sweep: [2, 3], devices: 'cpu' }, { gpus: 8 })).toEqual(counts(3, 'cpu'))
    expect(devicesOf({ sweep: [2, 4], devices: 'cpu:8' })).toEqual(counts(4, 'cpu'))
    expect(devicesOf({ sweep: true, devices: 'cpu:8' })).toEqual(counts(8, 'cpu'))
  })

  it.each<[Partial<RunConfiguration>, { cores?: number; gpus?: number }, string]>([
    [
      { sweep: [1, 16] },
      {},
      '--sweep 1,16: 8 cores may be used here (0-7), and 0 GPUs; each device is one of its own',
    ],
    [{ sweep: [2, 4] }, { gpus: 2 }, '--sweep 2,4: this machine has 2 GPUs; each device is one of its own'],
    [{ sweep: [2, 4], devices: 'cpu:2' }, {}, '--sweep 2,4: needs 4 devices; --devices cpu:2 is 2'],
    [{ sweep: [2, 16], devices: 'cpu' }, {}, '--sweep 2,16: needs 16 devices; --devices cpu is 2'],
    [
      { sweep: [1, 2], strategies: ['ddp'] },
      {},
      '--sweep 1,2: one device is Single, which is not among the strategies',
    ],
  ])('that cannot be: %j on %j', (changes, machine, message) => {
    expect(() => devicesOf(changes, machine)).toThrow(message)
    // A form shows it at the field.
    try {
      devicesOf(changes, machine)
    } catch (error) {
      expect(error).toMatchObject({ setting: { name: 'sweep' } })
    }
  })
})

describe('the devices of a number of processes', () => {
  it('are exactly as many', () => {
    expect(devicesOf({}, {}, 3)).toEqual(counts(3, 'cpu'))
    expect(devicesOf({}, { gpus: 4 }, 2)).toEqual(counts(2, 'gpu'))
    expect(() => devicesOf({ devices: 'cpu:4' }, {}, 2)).toThrow('needs 2 devices; --devices cpu:4 is 4')
    expect(() => devicesOf({}, { cores: 2 }, 3)).toThrow(
      /^--nproc-per-node 3: 2 cores may be used here.* and 0 GPUs/,
    )
  })
})
