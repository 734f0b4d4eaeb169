import { type GpuSample, lostGpu } from '../../shared/telemetry.js'
import { throttleReasons } from './throttle-reasons.js'

const mebibyte = 2 ** 20

/**
 * What nvidia-smi is asked for, in this order; the name last, since it may hold commas. Without a field for the
 * reasons why clocks are held down, their place is taken by one that holds no mask.
 */
export function queryFields(reasonsField: string | null): string {
  const fields = ['index', 'uuid', 'utilization.gpu', 'memory.used', 'memory.total', 'power.draw']
  const more = ['enforced.power.limit', 'temperature.gpu', 'clocks.sm', 'clocks.mem']
  return [...fields, ...more, reasonsField ?? 'index', 'name'].join(',')
}

/**
 * Reads one line of the answer to `queryFields`, without units; null when it is not one. What the hardware does not
 * say stands in brackets (`[N/A]`, `[Not Supported]`), and so does that it is lost.
 */
export function parseGpuLine(line: string): GpuSample | null {
  const cells = line.split(',').map((cell) => cell.trim())
  const [index = '', id = '', utilisation, memoryUsed, memoryTotal, power, powerLimit] = cells
  const [temperature, coreClock, memoryClock, reasons = ''] = cells.slice(7)
  const model = cells.slice(11).join(', ')
  if (!/^\d+$/.test(index) || !id.startsWith('GPU-') || model === '') return null
  const identity = { index: Number(index), id, model }
  if (cells.some((cell) => /^\[gpu (is lost|requires reset)\]$/i.test(cell))) return lostGpu(identity)

  const share = scaled(utilisation, 0.01)
  return {
    ...identity,
    state: 'ok',
    utilisation: share === null ? null : Math.min(1, share),
    memoryUsedBytes: scaled(memoryUsed, mebibyte),
    memoryTotalBytes: scaled(memoryTotal, mebibyte),
    powerWatts: scaled(power, 1),
    powerLimitWatts: scaled(powerLimit, 1),
    temperatureCelsius: scaled(temperature, 1),
    coreClockMegahertz: scaled(coreClock, 1),
    memoryClockMegahertz: scaled(memoryClock, 1),
    throttleReasons: /^0x[0-9a-f]+$/i.test(reasons) ? throttleReasons(BigInt(reasons)) : null,
    // Another query, which would take another nvidia-smi.
    processes: null,
  }
}

function scaled(cell: string | undefined, unit: number): number | null {
  return cell !== undefined && /^\d+(\.\d+)?$/.test(cell) ? Number(cell) * unit : null
}
