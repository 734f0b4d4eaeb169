import { baseIdOf, isBase, isOnAllCores, planPosition } from '../domain/measurement-ids.js'
import { baseStrategy } from '../domain/strategies.js'
import { machineCount } from '../machine/device.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import { type TrainedUnit, trainedUnitOf } from '../run/trained-unit.js'
import type { Answer, Comparison } from '../statistics/answer.js'
import { efficiencyOf } from '../statistics/efficiency.js'
import { type PooledResidual, pooledResidual } from '../statistics/pooled-residual.js'
import { estimateSpeedup, type SpeedupEstimate } from '../statistics/speedup-estimate.js'
import { judge, type Verdict } from '../statistics/verdict.js'
import { comparisonObstacle } from '../validity/comparison.js'
import type { TaskSettings } from '../validity/work.js'
import { onOneMachine } from './one-machine.js'
import type { MeasurementSummary } from './results.js'
import { deviceEquivalents, imagesPerSecond, meanEpochSeconds } from './summary.js'

/**
 * All repeats of one strategy as one: a measurement whose epochs are the latest repeat's and whose figures are of all
 * repeats that were measured to their end, with what may be said of its speedup.
 */
export interface StrategyResult extends MeasurementSummary {
  repeats: readonly MeasurementSummary[]
  /** Null for the base, and where one of the two was not measured. Where they cannot be compared there is no speedup. */
  answer: Answer | null
  unit: TrainedUnit
  /** What the other machines bring; absent on one machine, and where there is nothing to hold it against. */
  overMachine?: OverMachine
}

/** A measurement over several machines against one on a single one of them. */
export interface OverMachine {
  /** Of what it is held against: `DDP x8, 1 machine`. */
  title: string
  machines: number
  estimate: SpeedupEstimate
  /** Speedup over that one, divided by how many times as many devices there are. */
  efficiency: number
}

/** The settings of a run that decide what its repeats come to. */
export type ResultSettings = Pick<RunConfiguration, 'scaling' | 'untilNarrow'> & TaskSettings

/** One entry a strategy, in the order of the plan. Pure, so every view of a run says the same. */
export function strategyResults(
  measurements: readonly MeasurementSummary[],
  configuration: ResultSettings,
): StrategyResult[] {
  const groups = groupById(measurements)
  const pooled = poolResidual(groups, configuration)
  const compared = [...groups].flatMap(([id, repeats]): Compared[] => {
    const base = groups.get(baseIdOf({ id }))
    const estimate = isBase({ id }) || base === undefined ? null : estimateOf(repeats, base, pooled)
    const obstacle = comparisonObstacle(repeats, base ?? [], configuration)
    return estimate === null ? [] : [{ id, estimate, obstacle }]
  })
  const comparable = compared.filter(({ obstacle }) => obstacle === null)
  const unit = trainedUnitOf(configuration)
  const verdicts = judge(comparable.map(({ estimate }) => estimate))
  return [...groups].map(([id, repeats]) => {
    const combined = combine(repeats)
    const found = compared.find((one) => one.id === id)
    const base = groups.get(baseIdOf({ id }))
    if (base === undefined || found === undefined) {
      return { ...combined, repeats, speedup: null, efficiency: null, answer: null, unit }
    }
    const single = combine(base)
    const devices = deviceEquivalents(combined, single)
    const comparison = comparisonOf(found, verdicts[comparable.indexOf(found)], devices, configuration)
    const speedup = comparison.kind === 'compared' ? comparison.estimate.speedup : null
    const efficiency = speedup === null ? null : speedup / devices
    const answer = answerOf(combined, single, comparison, configuration)
    const overMachine = speedup === null ? null : overMachineOf(combined, groups, compared)
    return {
      ...{ ...combined, repeats, speedup, efficiency, answer, unit },
      ...(overMachine !== null && { overMachine }),
    }
  })
}

/** By the repeats of the same blocks, as every speedup; null where one of the two must not be compared. */
function overMachineOf(
  measurement: MeasurementSummary,
  groups: ReadonlyMap<string, readonly MeasurementSummary[]>,
  compared: readonly Compared[],
): OverMachine | null {
  const latest = [...groups.values()].map((repeats) => repeats.at(-1) as MeasurementSummary)
  const one = onOneMachine(latest, measurement)
  if (one === undefined || compared.some(({ id, obstacle }) => id === one.id && obstacle !== null))
    return null
  const estimate = estimateOf(groups.get(measurement.id) ?? [], groups.get(one.id) ?? [], null)
  if (estimate === null) return null
  const times = measurement.devices.length / one.devices.length
  return {
    title: one.title,
    machines: machineCount(measurement.devices),
    estimate,
    efficiency: estimate.speedup / times,
  }
}

/**
 * The estimate of every strategy that was compared with Single, for the rule that says when blocks are enough: each by
 * its own spread, since that rule's price was worked out so.
 */
export function speedupEstimates(measurements: readonly MeasurementSummary[]): SpeedupEstimate[] {
  const groups = groupById(measurements)
  return [...groups].flatMap(([id, repeats]) =>
    isBase({ id }) ? [] : (estimateOf(repeats, groups.get(baseIdOf({ id })) ?? [], null) ?? []),
  )
}

function groupById(measurements: readonly MeasurementSummary[]): Map<string, MeasurementSummary[]> {
  const groups = new Map<string, MeasurementSummary[]>()
  const byBlock = [...measurements].sort((a, b) => planPosition(a) - planPosition(b) || a.block - b.block)
  for (const measurement of byBlock) {
    groups.set(measurement.id, [...(groups.get(measurement.id) ?? []), measurement])
  }
  return groups
}

/** The residual of the strategies that were measured in every block in which Single was, and who they are. */
interface Pooled {
  ids: ReadonlySet<string>
  residual: PooledResidual
}

/** Null where blocks are not few, or were repeated until intervals were narrow. */
function poolResidual(
  groups: ReadonlyMap<string, readonly MeasurementSummary[]>,
  { untilNarrow }: Pick<ResultSettings, 'untilNarrow'>,
): Pooled | null {
  if (untilNarrow) return null
  const blocks = [...secondsAnImage(groups.get(baseStrategy) ?? []).keys()]
  const complete = [...groups].flatMap(([id, repeats]) => {
    const seconds = secondsAnImage(repeats)
    return blocks.every((block) => seconds.has(block)) ? [{ id, seconds }] : []
  })
  const residual = pooledResidual(
    blocks.map((block) => complete.map(({ seconds }) => seconds.get(block) as number)),
  )
  return residual === null ? null : { ids: new Set(complete.map(({ id }) => id)), residual }
}

/** By block; only those that have a figure. */
function secondsAnImage(repeats: readonly MeasurementSummary[]): Map<number, number> {
  const rates = repeats.map(({ block, epochs }) => [block, imagesPerSecond(epochs)] as const)
  return new Map(rates.flatMap(([block, rate]) => (rate === null ? [] : [[block, 1 / rate] as const])))
}

function estimateOf(
  repeats: readonly MeasurementSummary[],
  base: readonly MeasurementSummary[],
  pooled: Pooled | null,
): SpeedupEstimate | null {
  const baseSeconds = secondsAnImage(base)
  const pairs = [...secondsAnImage(repeats)].flatMap(([block, strategy]) => {
    const partner = baseSeconds.get(block)
    return partner === undefined ? [] : [{ base: partner, strategy }]
  })
  const isComplete = pooled?.ids.has(repeats[0]?.id ?? '') === true && pairs.length === baseSeconds.size
  return estimateSpeedup(pairs, isComplete ? pooled.residual : null)
}

function combine(repeats: readonly MeasurementSummary[]): MeasurementSummary {
  const latest = repeats.at(-1) as MeasurementSummary
  const epochs = repeats.flatMap((repeat) => repeat.epochs)
  return {
    ...latest,
    ...overallStatus(repeats),
    epochTimes: epochs.map(({ seconds }) => seconds),
    meanEpochSeconds: meanEpochSeconds(epochs),
    imagesPerSecond: imagesPerSecond(epochs),
    peakMemoryBytes: largest(repeats.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  }
}

/** One failed repeat is a failed strategy: its reader must know. */
function overallStatus(
  repeats: readonly MeasurementSummary[],
): Pick<MeasurementSummary, 'status' | 'error' | 'skipReason'> {
  const failed = repeats.find(({ status }) => status === 'failed')
  const latest = repeats.at(-1) as MeasurementSummary
  const { status, error, skipReason } = failed ?? latest
  return { status, error, skipReason }
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** One strategy held against Single. */
interface Compared {
  id: string
  estimate: SpeedupEstimate
  /** Why the two must not be compared; null where they may. */
  obstacle: string | null
}

function comparisonOf(
  { estimate, obstacle }: Compared,
  verdict: Verdict | undefined,
  devices: number,
  { untilNarrow }: ResultSettings,
): Comparison {
  if (obstacle !== null) return { kind: 'not-comparable', reason: obstacle }
  return {
    kind: 'compared',
    estimate,
    verdict: verdict as Verdict,
    efficiency: efficiencyOf(estimate, devices),
    blocksFixedBeforehand: !untilNarrow,
  }
}

function answerOf(
  measurement: MeasurementSummary,
  base: MeasurementSummary,
  comparison: Comparison,
  configuration: ResultSettings,
): Answer {
  const cores = measurement.devices.flatMap((device) => device.cores).length
  return {
    title: measurement.title,
    baseTitle: base.title,
    devices: isOnAllCores(measurement)
      ? { kind: 'core', count: cores }
      : { kind: measurement.devices[0]?.kind ?? 'cpu', count: measurement.devices.length },
    imagesPerSecond: measurement.imagesPerSecond ?? 0,
    baseImagesPerSecond: base.imagesPerSecond ?? 0,
    scaling: measurement.globalBatchSize === base.globalBatchSize ? 'strong' : configuration.scaling,
    perDeviceBatchSize: measurement.perDeviceBatchSize,
    globalBatchSize: measurement.globalBatchSize,
    unit: trainedUnitOf(configuration),
    comparison,
  }
}
