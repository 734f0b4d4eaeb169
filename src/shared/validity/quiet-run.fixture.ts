import type { EpochRecord } from '../child/trainer-protocol.js'
import type { Conditions, Environment, GpuConditions, Standstill } from '../conditions/conditions.js'
import { plannedMeasurement } from '../live/live-run.fixture.js'
import type { MeasurementSummary } from '../results/results.js'
import { quickPreset } from '../run/presets.js'
import type { Finding } from './finding.js'
import { judgeRun } from './judge-run.js'
import type { JudgedRun } from './judged-run.js'

type Id = 'single' | 'dp' | 'ddp'

const quietStandstill: Standstill = { suspendedSeconds: 0, stoppedSeconds: 0, stalledSeconds: 0 }

/** A machine that does nothing else. */
export const quietConditions: Conditions = {
  seconds: 6,
  telemetry: { samples: 24, longestGapSeconds: 0.3 },
  cpu: {
    cores: 2,
    othersCores: 0.05,
    othersShareOfOwnCores: 0.02,
    othersShareOfRunCores: 0.02,
    hostCores: 0.02,
    stealShare: 0.001,
    clock: { meanMegahertz: 2_600, leastMegahertz: 2_600 },
    thermalThrottles: 0,
    quotaThrottledShare: 0,
  },
  standstill: quietStandstill,
  memory: { swapGrowthBytes: 0, stalledShare: 0 },
  gpus: [],
}

export const goodEnvironment: Environment = {
  frequencyScaling: { drivers: ['acpi-cpufreq'], governors: ['performance'], energyPreferences: [] },
  powerProfile: 'performance',
  onBattery: false,
  memory: { totalBytes: 16 * 2 ** 30, availableBytes: 12 * 2 ** 30, stalledShare: 0 },
  cpuQuotaCores: null,
  sharedPhysicalCores: [],
  gpuProblems: [],
}

/** Two epochs of 1,024 images in 16 steps each, in `seconds` an epoch. */
export function epochs(seconds: number, changes: Partial<EpochRecord> = {}): EpochRecord[] {
  return [0, 1].map((epoch) => ({
    epoch,
    loss: 2.3 - 0.1 * epoch,
    seconds,
    images: 1_024,
    steps: 16,
    testAccuracy: null,
    parameterChecksum: 'abc',
    ...changes,
  }))
}

/** One strategy, measured as one wishes it. */
export function measured(id: Id, block = 0, changes: Partial<MeasurementSummary> = {}): MeasurementSummary {
  return plannedMeasurement(id, {
    block,
    status: 'completed',
    backend: 'tensorflow',
    firstStepLoss: 2.44,
    epochs: epochs({ single: 3, dp: 1.8, ddp: 2 }[id]),
    conditions: quietConditions,
    ...changes,
  })
}

/** A run without a fault: three strategies, a block each unless said otherwise. */
export function quietRun(changes: Partial<JudgedRun> = {}, blocks = 1): JudgedRun {
  return {
    status: 'complete',
    configuration: { ...quickPreset, repeats: blocks },
    environment: goodEnvironment,
    warnings: [],
    measurements: Array.from({ length: blocks }, (_, block) =>
      (['single', 'dp', 'ddp'] as const).map((id) => measured(id, block)),
    ).flat(),
    ...changes,
  }
}

/** The quiet run with something changed in the measurements of one strategy. */
export function runWith(id: Id, changes: Partial<MeasurementSummary>, blocks = 1): JudgedRun {
  const run = quietRun({}, blocks)
  return {
    ...run,
    measurements: run.measurements.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  }
}

export function conditionsWith({
  cpu,
  memory,
  telemetry,
  standstill,
  ...changes
}: {
  cpu?: Partial<Conditions['cpu']>
  memory?: Partial<Conditions['memory']>
  telemetry?: Partial<Conditions['telemetry']>
  standstill?: Partial<Standstill>
  gpus?: GpuConditions[]
  seconds?: number
}): Conditions {
  return {
    ...quietConditions,
    ...changes,
    cpu: { ...quietConditions.cpu, ...cpu },
    memory: { ...quietConditions.memory, ...memory },
    standstill: { ...quietStandstill, ...standstill },
    telemetry: { ...quietConditions.telemetry, ...telemetry },
  }
}

export function gpuWith(changes: Partial<GpuConditions> = {}): GpuConditions {
  return {
    index: 0,
    lostShare: 0,
    throttled: [],
    clock: { meanMegahertz: 1_700, leastMegahertz: 1_650 },
    otherProcesses: { most: 0, share: 0 },
    ...changes,
  }
}

/** What is found of one kind. */
export function found(run: JudgedRun, code: Finding['code']): Finding[] {
  return judgeRun(run).findings.filter((finding) => finding.code === code)
}
