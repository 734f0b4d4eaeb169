import { type GpuSample, noGpuFigures } from '../src/shared/child/telemetry.js'

/** A sample of a GPU that trains and that no machine has: for benches of what shows many of them. */
export function pretendedGpu(index: number): GpuSample {
  return {
    index,
    id: `GPU-${index}`,
    model: 'Pretended GPU',
    state: 'ok',
    ...noGpuFigures,
    utilisation: 0.85 + 0.15 * Math.random(),
    memoryUsedBytes: 6e10,
    memoryTotalBytes: 8e10,
    powerWatts: 500 + 100 * Math.random(),
    powerLimitWatts: 700,
    temperatureCelsius: 60 + 5 * Math.random(),
    coreClockMegahertz: 1700,
    memoryClockMegahertz: 2600,
    throttleReasons: [],
    processes: [],
  }
}
