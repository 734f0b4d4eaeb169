import { describe, expect, it } from 'vitest'
import { gpuSampleSchema, noGpuFigures } from '../child/telemetry.js'
import { deviceFigureNames, deviceFigures, inUnit, sampledDevices } from './device-figures.js'

describe('the table of device figures', () => {
  it('has every number that is measured of a GPU', () => {
    const measured = Object.keys(noGpuFigures).filter((name) => {
      const parsed = gpuSampleSchema.safeParse({
        id: 'GPU-0',
        index: 0,
        model: 'A GPU',
        state: 'ok',
        [name]: 0.5,
      })
      return parsed.success
    })
    const told = deviceFigureNames.flatMap((name) => deviceFigures[name].of.gpu ?? [])
    expect([...told].sort()).toEqual(measured.sort())
  })

  it('has each column, tag and counter once', () => {
    const facts = deviceFigureNames.map((name) => deviceFigures[name])
    for (const names of [
      facts.map(({ csv }) => csv.column),
      facts.flatMap(({ tensorBoardTag }) => tensorBoardTag ?? []),
      facts.flatMap(({ traceCounter }) => traceCounter ?? []),
    ]) {
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

describe('a sample of the machine', () => {
  const gpu = { id: 'GPU-0', index: 1, model: 'A GPU', state: 'ok' as const, ...noGpuFigures }
  const devices = sampledDevices({
    atMs: 0,
    costMs: 1,
    cpu: {
      cores: [0.5, null, 1],
      stealShare: 0,
      powerWatts: null,
      temperatureCelsius: 60,
      clockMegahertz: 2400,
    },
    memory: { usedBytes: 2 ** 30, totalBytes: 2 ** 33, swapUsedBytes: 0 },
    gpus: [{ ...gpu, utilisation: 0.915, coreClockMegahertz: 1700 }],
    trainers: [{ pid: 1, name: 'DDP rank 0', coresUsed: 1.5, memoryBytes: 2 ** 31 }],
  })

  it('says of each device what it has, and null of what it has not', () => {
    expect(devices.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'cpu CPU',
      'core Core 0',
      'core Core 1',
      'core Core 2',
      'gpu GPU:1',
      'trainer DDP rank 0',
    ])
    const [processor, core, offline, , graphics, trainer] = devices
    expect(graphics?.figures).toMatchObject({ utilisation: 0.915, clockMegahertz: 1700, powerWatts: null })
    expect(processor?.figures).toMatchObject({ utilisation: 0.75, memoryBytes: 2 ** 30, coresUsed: null })
    expect(core?.figures).toMatchObject({ utilisation: 0.5, memoryBytes: null })
    expect(offline?.figures.utilisation).toBeNull()
    expect(trainer?.figures).toMatchObject({ coresUsed: 1.5, memoryBytes: 2 ** 31, utilisation: null })
  })

  it('is told in the unit of each figure', () => {
    expect(inUnit('utilisation', 0.333333)).toBe(33.33)
    expect(inUnit('memoryBytes', 2 ** 31)).toBe(2)
    expect(inUnit('memoryBytes', 2 ** 31, 1)).toBe(2 ** 31)
    expect(inUnit('powerWatts', null)).toBeNull()
  })
})
