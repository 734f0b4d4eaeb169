import type { GpuConditions } from '../../conditions/conditions.js'
import { findBaseOf } from '../../domain/measurement-ids.js'
import type { MeasurementSummary } from '../../results/results.js'
import { mean } from '../../statistics/means.js'
import { formatList, formatPercent } from '../../text/format.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

/**
 * Why a GPU's clocks are lower than they could be for the whole machine's sake: heat, and power that is not there. A
 * power limit is not among these: under full load most GPUs run at theirs.
 */
export const seriousThrottleReasons = [
  'hardware slowdown',
  'temperature limit',
  'hardware temperature limit',
  'power brake',
]

/** Share of the time that clocks may be held down for a serious reason; the driver's flag flickers at the start of a load. */
export const throttleLimit = 0.01

/** How much lower than Single's a strategy's mean clock may be. */
export const clockLimit = 0.05

/** Heat or power held clocks down: a GPU's by its driver, the processor's by its own count. */
export const throttled: Rule = (run) => {
  const onGpu = worstRepeats(run, ({ conditions }) => worstGpu(conditions?.gpus, seriousShare), throttleLimit)
  const onCpu = worstRepeats(run, ({ conditions }) => conditions?.cpu.thermalThrottles ?? null, 0)
  const findings: Finding[] = []
  if (onGpu !== null) {
    const reasons = formatList(seriousReasonsIn(run.measurements))
    const message = `GPUs slowed down (${reasons}) for up to ${formatPercent(onGpu.worst)} of the time during ${onGpu.where}. Improve their cooling or power supply, or measure after a pause.`
    findings.push({ code: 'throttled', severity: 'warning', strategies: onGpu.strategies, message })
  }
  if (onCpu !== null) {
    const message = `The processor got too hot and slowed down during ${onCpu.where}. Improve its cooling, or measure after a pause.`
    findings.push({ code: 'throttled', severity: 'warning', strategies: onCpu.strategies, message })
  }
  return findings
}

/** Programs of others on the GPUs. */
export const othersOnGpu: Rule = (run) => {
  const found = worstRepeats(
    run,
    ({ conditions }) => worstGpu(conditions?.gpus, ({ otherProcesses }) => otherProcesses?.most ?? 0),
    0,
  )
  if (found === null) return []
  const programs = found.worst === 1 ? 'Another program was' : `Up to ${found.worst} other programs were`
  const message = `${programs} on a GPU that ${found.where} trained on. End them (nvidia-smi lists them), or name other GPUs with --devices.`
  return [{ code: 'others-on-gpu', severity: 'warning', strategies: found.strategies, message }]
}

/** A GPU whose driver did not answer. */
export const gpuLost: Rule = (run) => {
  const found = worstRepeats(
    run,
    ({ conditions }) => worstGpu(conditions?.gpus, ({ lostShare }) => lostShare),
    0,
  )
  if (found === null) return []
  const message = `The driver did not answer for a GPU for up to ${formatPercent(found.worst)} of the time during ${found.where}. Look in the system log for the driver's messages.`
  return [{ code: 'gpu-lost', severity: 'warning', strategies: found.strategies, message }]
}

/** GPUs that the run could not use: its figures stand, for the devices that it had. */
export const gpusLeftOut: Rule = ({ environment }) =>
  (environment?.gpuProblems ?? []).map((problem): Finding => {
    const message = `GPU detection reported: ${problem}.`
    return { code: 'gpus-left-out', severity: 'note', strategies: [], message }
  })

/** Clocks that fall when more GPUs work: a part of why N are not N times as fast, and no fault. */
export const clocksDiffer: Rule = ({ results }) =>
  results.flatMap(({ id, title, repeats }): Finding[] => {
    const base = findBaseOf(results, { id })
    const [clock, baseClock] = [meanClock(repeats), meanClock(base?.repeats ?? [])]
    if (clock === null || baseClock === null || clock >= (1 - clockLimit) * baseClock) return []
    const message = `${title}'s GPUs ran at ${Math.round(clock)} MHz on average, ${base?.title}'s at ${Math.round(baseClock)}.`
    return [{ code: 'clocks-differ', severity: 'note', strategies: [id], message }]
  })

function worstGpu(
  gpus: readonly GpuConditions[] | undefined,
  value: (gpu: GpuConditions) => number,
): number | null {
  return gpus === undefined || gpus.length === 0 ? null : Math.max(...gpus.map(value))
}

function seriousShare({ throttled: reasons }: GpuConditions): number {
  const shares = (reasons ?? []).filter(({ reason }) => seriousThrottleReasons.includes(reason))
  return Math.max(0, ...shares.map(({ share }) => share))
}

function seriousReasonsIn(measurements: readonly MeasurementSummary[]): string[] {
  const seen = measurements.flatMap(({ conditions }) =>
    (conditions?.gpus ?? []).flatMap((gpu) => (gpu.throttled ?? []).map(({ reason }) => reason)),
  )
  return seriousThrottleReasons.filter((reason) => seen.includes(reason))
}

function meanClock(repeats: readonly MeasurementSummary[]): number | null {
  return mean(
    repeats.flatMap(({ conditions }) =>
      (conditions?.gpus ?? []).flatMap(({ clock }) => clock?.meanMegahertz ?? []),
    ),
  )
}
