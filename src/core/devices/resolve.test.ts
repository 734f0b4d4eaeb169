import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceSchema } from '../../shared/machine/device.js'
import { resolveDevices } from './resolve.js'

const cpuOnly = { cuda: false }
const cuda = { cuda: true }
const cores = (count: number) => Array.from({ length: count }, (_, core) => core)
const gpus = (count: number) => cores(count).map((index) => ({ index, model: 'NVIDIA H200' }))

describe('CPU devices', () => {
  it('are disjoint, equal, and use all cores but a remainder too small to share', () => {
    const anyCores = fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(anyCores, fc.nat(), (allowed, number) => {
        const count = 1 + (number % allowed.length)
        const { devices, base, notes } = resolveDevices(`cpu:${count}`, { cores: allowed, gpus: [] }, cpuOnly)
        const used = devices.flatMap((device) => device.cores)
        const size = Math.floor(allowed.length / count)

        expect(devices).toHaveLength(count)
        expect(devices.every((device) => device.cores.length === size)).toBe(true)
        expect(new Set(used).size).toBe(size * count)
        expect(used.every((core) => allowed.includes(core))).toBe(true)
        expect(base).toBe(devices[0])
        expect(notes.length).toBe(size * count < allowed.length ? 1 : 0)
        for (const device of devices) expect(deviceSchema.parse(device)).toEqual(device)
      }),
    )
  })

  it('take neighbours in the given order, which keeps the threads of a physical core together', () => {
    const { devices, allCores } = resolveDevices(
      'cpu',
      { cores: [0, 4, 1, 5, 2, 6, 3, 7], gpus: [] },
      cpuOnly,
    )
    expect(devices.map((device) => device.cores)).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ])
    expect(devices[0]?.description).toBe('CPU device, cores 0-1, 4-5')
    expect(allCores?.cores).toEqual(cores(8))
  })

  it('name the cores that stay idle', () => {
    const { notes, allCores } = resolveDevices('cpu:3', { cores: cores(8), gpus: [] }, cpuOnly)
    expect(notes).toEqual(['Cores 6-7 stay idle: 8 cores do not divide into 3 equal CPU devices.'])
    expect(allCores?.cores).toEqual(cores(8))
  })

  it('are two by default, one where there is one core, which then is the whole processor', () => {
    expect(resolveDevices('cpu', { cores: cores(16), gpus: [] }, cpuOnly).devices).toHaveLength(2)
    const single = resolveDevices('auto', { cores: [5], gpus: [] }, cpuOnly)
    expect(single.devices.map((device) => device.cores)).toEqual([[5]])
    expect(single.allCores).toBeNull()
  })

  it.each([
    ['cpu:8', 2, '--devices cpu:8: 2 cores may be used here (0-1), so cpu:1 to cpu:2'],
    ['cpu:2', 1, '--devices cpu:2: 1 core may be used here (0), so cpu:1'],
  ])('cannot be more than there are cores: %s of %i', (request, count, message) => {
    expect(() => resolveDevices(request, { cores: cores(count), gpus: [] }, cpuOnly)).toThrow(
      expect.objectContaining({ code: 'devices-unavailable', message }),
    )
  })

  it('are told apart from those of the machine that may not be used', () => {
    const problem = 'of the 8 cores of this machine, 2 cores may be used here (0-1), so cpu:1 to cpu:2'
    const inventory = { cores: cores(2), machineCores: 8, gpus: [] }
    expect(() => resolveDevices('cpu:4', inventory, cpuOnly)).toThrow(
      expect.objectContaining({ message: `--devices cpu:4: ${problem}` }),
    )
  })
})

describe('GPUs', () => {
  it('are all taken, or those named in the order named', () => {
    const inventory = { cores: cores(4), gpus: gpus(4) }
    const all = resolveDevices('gpu', inventory, cuda)
    expect(all).toMatchObject({ kind: 'gpu', allCores: null, notes: [] })
    expect(all.devices.map((device) => device.index)).toEqual([0, 1, 2, 3])
    const named = resolveDevices('gpu:2,0', inventory, cuda)
    expect(named.devices).toEqual([
      { kind: 'gpu', index: 2, description: 'NVIDIA H200', cores: [] },
      { kind: 'gpu', index: 0, description: 'NVIDIA H200', cores: [] },
    ])
    expect(named.base.index).toBe(2)
  })

  it('that differ are pointed out', () => {
    const mixed = [...gpus(1), { index: 1, model: 'NVIDIA A10' }]
    expect(resolveDevices('gpu', { cores: cores(4), gpus: mixed }, cuda).notes[0]).toMatch(
      /H200 and NVIDIA A10/,
    )
  })

  it.each([
    ['gpu', 0, cuda, /--devices gpu: .*no NVIDIA GPU/],
    ['gpu:0,2', 2, cuda, /--devices gpu:0,2: .*no GPU 2.*GPUs 0 and 1/],
    ['gpu:0,0', 2, cuda, /--devices gpu:0,0: .*once/],
    ['gpu', 2, cpuOnly, /--devices gpu: .*engine/],
  ])('%s of %i is refused when it cannot be had', (request, count, engine, message) => {
    expect(() => resolveDevices(request, { cores: cores(4), gpus: gpus(count) }, engine)).toThrow(
      expect.objectContaining({ code: 'devices-unavailable', message: expect.stringMatching(message) }),
    )
  })
})

describe('auto', () => {
  it.each([
    [2, cuda, 'gpu', 0],
    [2, cpuOnly, 'cpu', 1],
    [1, cuda, 'cpu', 1],
    [0, cuda, 'cpu', 0],
  ])('with %i GPUs and engine %j takes the %s', (count, engine, kind, notes) => {
    const resolved = resolveDevices('auto', { cores: cores(4), gpus: gpus(count) }, engine)
    expect(resolved.kind).toBe(kind)
    expect(resolved.notes).toHaveLength(notes)
  })
})

describe('a request', () => {
  it.each(['cpu:0', 'cpu:-1', 'tpu', 'gpu:', 'gpu:a', ''])('%j is not one', (request) => {
    expect(() => resolveDevices(request, { cores: cores(4), gpus: gpus(2) }, cuda)).toThrow(
      expect.objectContaining({ code: 'devices-invalid' }),
    )
  })
})
