import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gpuSampleSchema, noGpuFigures } from '../../shared/child/telemetry.js'
import { samplingRow } from '../../shared/nvidia/smi-outputs.fixture.js'
import { queryFields, readGpuLine } from './nvidia-smi-output.js'

const uuid = 'GPU-aaaa1111-0000-0000-0000-000000000000'
/** The sample that a line gives; null where it gives none. */
function parseGpuLine(line: string) {
  const read = readGpuLine(line)
  return read.kind === 'words' ? null : read.sample
}

const healthy = `0, ${uuid}, 97, 30720, 81559, 312.50, 700.00, 64, 1755, 2619, 0x0000000000000044, NVIDIA H100`

describe('a line of nvidia-smi', () => {
  it('has a cell for each field that was asked for', () => {
    expect(queryFields('clocks_event_reasons.active').split(',')).toHaveLength(healthy.split(',').length)
  })

  it('shows a GPU', () => {
    expect(parseGpuLine(healthy)).toEqual({
      index: 0,
      id: uuid,
      model: 'NVIDIA H100',
      state: 'ok',
      utilisation: 0.97,
      memoryUsedBytes: 30_720 * 2 ** 20,
      memoryTotalBytes: 81_559 * 2 ** 20,
      powerWatts: 312.5,
      powerLimitWatts: 700,
      temperatureCelsius: 64,
      coreClockMegahertz: 1755,
      memoryClockMegahertz: 2619,
      throttleReasons: ['power limit', 'hardware temperature limit'],
      processes: null,
    })
  })

  it('has words in brackets for what the hardware does not say', () => {
    const cells =
      '[N/A], [Not Supported], [N/A], [Unknown Error], [Insufficient Permissions], N/A, [N/A], [N/A], [N/A]'
    expect(parseGpuLine(`1, ${uuid}, ${cells}, NVIDIA GB10, in a box`)).toEqual({
      index: 1,
      id: uuid,
      model: 'NVIDIA GB10, in a box',
      state: 'ok',
      ...noGpuFigures,
    })
  })

  it.each(['[GPU is lost]', '[GPU requires reset]'])('says %s', (words) => {
    const cells = Array.from({ length: 9 }, () => words).join(', ')
    expect(parseGpuLine(`1, ${uuid}, ${cells}, NVIDIA H100`)).toEqual({
      index: 1,
      id: uuid,
      model: 'NVIDIA H100',
      state: 'lost',
      ...noGpuFigures,
    })
  })

  it.each([
    '',
    'No devices were found',
    'Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.',
  ])('may be none: %j', (line) => expect(parseGpuLine(line)).toBeNull())

  it.each(['4294967295', '18446744073709551615', '1.8446744073709552e+19', '[N/A]', 'N/A', 'ERR!', '-'])(
    'has no figures where it says %s',
    (words) => {
      const sample = parseGpuLine(samplingRow(0, { figures: words }))
      const { memoryUsedBytes, memoryTotalBytes, ...others } = noGpuFigures
      expect(sample).toMatchObject({ state: 'ok', ...others })
    },
  )

  it('has decimals after a comma, and units', () => {
    const cells = '97 %, 30720 MiB, 81559 MiB, 312,50 W, 700,00 W, 64, 1755 MHz, 2619 MHz, 0x4, NVIDIA H100'
    expect(parseGpuLine(`0, ${uuid}, ${cells}`)).toMatchObject({
      utilisation: 0.97,
      memoryUsedBytes: 30_720 * 2 ** 20,
      powerWatts: 312.5,
      powerLimitWatts: 700,
      coreClockMegahertz: 1755,
    })
  })

  it('says which GPU is lost where it says no more than its number', () => {
    expect(readGpuLine(samplingRow(1, { all: '[GPU is lost]' }))).toEqual({
      kind: 'lost',
      index: 1,
      sample: null,
      fault: 'GPU is lost',
    })
  })

  it('never gives what the contract does not allow', () => {
    const cell = fc.oneof(fc.string({ maxLength: 8 }), fc.double().map(String), fc.constant('[N/A]'))
    fc.assert(
      fc.property(fc.array(cell, { minLength: 9, maxLength: 11 }), (cells) => {
        const gpu = parseGpuLine(`3, ${uuid}, ${cells.join(', ')}`)
        expect(gpu === null || gpuSampleSchema.safeParse(gpu).success).toBe(true)
      }),
    )
  })
})
