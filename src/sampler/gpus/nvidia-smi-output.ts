import { type GpuSample, lostGpu, noGpuFigures } from '../../shared/child/telemetry.js'
import { plausibleMask } from '../../shared/nvidia/plausible.js'
import { parseSmiLine, smiNumber, smiQuery } from '../../shared/nvidia/smi-line.js'
import { throttleReasons } from './throttle-reasons.js'

const mebibyte = 2 ** 20

const figures = [
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'power.draw',
  'enforced.power.limit',
  'temperature.gpu',
  'clocks.sm',
  'clocks.mem',
  'reasons',
] as const

/**
 * What nvidia-smi is asked for. Without a field for the reasons why clocks are held down, their place is taken by one
 * that holds no mask.
 */
export function queryFields(reasonsField: string | null): string {
  return smiQuery(figures.map((field) => (field === 'reasons' ? (reasonsField ?? 'index') : field)))
}

/** What a line says: a GPU's figures, that the GPU with this number is lost, or something else. */
export type SmiReading =
  | { kind: 'gpu'; sample: GpuSample }
  | { kind: 'lost'; index: number; sample: GpuSample | null; fault: string }
  | { kind: 'words'; text: string }

/** Reads one line of the answer to `queryFields`, without units. */
export function readGpuLine(line: string): SmiReading {
  const read = parseSmiLine(line, figures)
  switch (read.kind) {
    case 'gpu': {
      const { index, uuid, model, cells } = read
      const percent = smiNumber(cells['utilization.gpu'], 'utilisationPercent')
      return {
        kind: 'gpu',
        sample: {
          index,
          id: uuid,
          model,
          state: 'ok',
          // The rest would take another query, and another nvidia-smi.
          ...noGpuFigures,
          utilisation: percent === null ? null : percent / 100,
          memoryUsedBytes: smiNumber(cells['memory.used'], 'memoryBytes', mebibyte),
          memoryTotalBytes: smiNumber(cells['memory.total'], 'memoryBytes', mebibyte),
          powerWatts: smiNumber(cells['power.draw'], 'watts'),
          powerLimitWatts: smiNumber(cells['enforced.power.limit'], 'watts'),
          temperatureCelsius: smiNumber(cells['temperature.gpu'], 'celsius'),
          coreClockMegahertz: smiNumber(cells['clocks.sm'], 'megahertz'),
          memoryClockMegahertz: smiNumber(cells['clocks.mem'], 'megahertz'),
          throttleReasons: reasonsIn(cells.reasons),
        },
      }
    }
    case 'faulty': {
      const { index, uuid, model, fault } = read
      if (index === null) return { kind: 'words', text: line }
      const known = uuid !== null && model !== null ? lostGpu({ index, id: uuid, model }) : null
      return { kind: 'lost', index, sample: known, fault }
    }
    case 'words':
      return { kind: 'words', text: read.text }
    case 'nothing':
      return { kind: 'words', text: '' }
  }
}

function reasonsIn(cell: string | null): string[] | null {
  const mask = cell !== null && /^0x[0-9a-f]{1,16}$/i.test(cell) ? plausibleMask(BigInt(cell)) : null
  return mask === null ? null : throttleReasons(mask)
}
