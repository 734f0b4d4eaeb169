import { allReduceBandwidth } from '../limits/all-reduce.js'
import { machineCount } from '../machine/device.js'
import { linkText, slowestLinkBytesPerSecond } from '../machine/link.js'
import type { MachineClock } from '../machine/machine-clock.js'
import type { Measurement, Results } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { formatRatio } from '../statistics/ratio-text.js'
import { confidence, hasInterval } from '../statistics/speedup-estimate.js'
import { formatBitRate, formatPercent, formatSpeedup, formatStepTime } from '../text/format.js'
import { markUnreliable } from '../validity/validity-text.js'
import type { Waterfall } from '../waterfall/waterfall.js'
import { medianAllReduces } from './all-reduce-rows.js'
import type { StrategyWaterfall } from './step-analysis.js'

/**
 * What several machines bring, and whether it is the network: a sentence each, the same in every view; none for a run on one
 * machine. What the other machines add, what the border between them costs a step, what their all-reduce reaches of the
 * link, and how well their clocks are known.
 *
 * @param unreliable the ids of those whose figures are not to be relied on
 */
export function machinesAnswer(
  run: Results,
  results: readonly StrategyResult[],
  waterfalls: readonly StrategyWaterfall[],
  unreliable: ReadonlySet<string>,
): string[] {
  const across = results.filter(({ devices }) => machineCount(devices) > 1)
  return across.flatMap((result) => {
    const repeats = run.measurements.filter(({ id }) => id === result.id)
    const waterfall = waterfalls.find(({ id }) => id === result.id)?.waterfall
    return [
      ...overMachineSentence(result, unreliable.has(result.id)),
      ...(waterfall === undefined ? [] : betweenMachinesSentence(result, waterfall)),
      ...bandwidthSentence(result, repeats, run),
      ...(repeats.at(-1)?.clocks ?? []).map(clockSentence),
    ]
  })
}

function overMachineSentence({ title, overMachine }: StrategyResult, isUnreliable: boolean): string[] {
  if (overMachine === undefined) return []
  const { title: one, machines, estimate, efficiency } = overMachine
  const { low, high, speedup: ratio } = estimate
  const interval = hasInterval(estimate)
    ? ` (${confidence * 100} % interval ${formatRatio({ ratio, low, high }).ends})`
    : ''
  const share = `${formatPercent(efficiency)} of what ${machines} machines could bring`
  return [
    `${title} is ${markUnreliable(formatSpeedup(ratio), isUnreliable)} as fast as ${one}${interval}: ${share}.`,
  ]
}

function betweenMachinesSentence({ title }: StrategyResult, { bars, idealMs }: Waterfall): string[] {
  const between = bars.find(({ name }) => name === 'between-machines')
  if (between === undefined || between.msPerStep < 0) return []
  const largest = bars.every(({ msPerStep }) => msPerStep <= between.msPerStep)
  const loss = `The network between machines costs a step of ${title} ${formatStepTime(between.msPerStep)}, ${formatPercent(between.msPerStep / idealMs)} of an ideal step`
  return [`${loss}${largest ? ': more than anything else' : ''}.`]
}

/** Of the largest all-reduce that was timed by itself. */
function bandwidthSentence(
  { title, devices }: StrategyResult,
  repeats: readonly Measurement[],
  run: Results,
): string[] {
  const largest = medianAllReduces(repeats).at(-1)
  if (largest === undefined) return []
  const { busBytesPerSecond } = allReduceBandwidth({ ...largest, devices: devices.length })
  const links = [run.machine, ...(run.otherMachines ?? [])].flatMap(({ link }) => link ?? [])
  const linkSpeed = slowestLinkBytesPerSecond(links)
  const reached = `By itself, an all-reduce of ${title} reaches ${formatBitRate(busBytesPerSecond * 8)} (busbw)`
  // A device a machine: then each link carries the bus bandwidth and nothing else.
  if (linkSpeed !== null && machineCount(devices) === devices.length) {
    return [
      `${reached}, ${formatPercent(busBytesPerSecond / linkSpeed)} of the link (${formatBitRate(linkSpeed * 8)}).`,
    ]
  }
  return [
    links.length === 0
      ? `${reached}.`
      : `${reached}; the links are ${[...new Set(links.map(linkText))].join('; ')}.`,
  ]
}

function clockSentence({
  machine,
  offsetMs,
  uncertaintyMs,
  driftPpm,
  driftUncertaintyPpm,
}: MachineClock): string {
  const ahead = offsetMs < 0 ? 'behind' : 'ahead'
  const drift = `${driftPpm.toFixed(1)} ± ${driftUncertaintyPpm.toFixed(1)} ppm`
  return `The clock of node ${machine} is ${Math.abs(offsetMs).toFixed(3)} ms ${ahead} (± ${uncertaintyMs.toFixed(3)} ms, drift ${drift}); its times are put right, and arrivals are not compared below that.`
}
