import { formatCoreLimit, formatPercent } from '../../text/format.js'
import { othersOf, othersUnreliableLimit, stealUnreliableLimit } from '../disturbance.js'
import type { Finding } from '../finding.js'
import type { JudgedResults, Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

/**
 * Share of the trainers' own cores that others may take: what they take is missing from the figure. On a quiet machine of
 * two cores, Tandem's own host and sampler and the system took 0.1 to 3.4 %.
 */
export const othersOnOwnCoresLimit = 0.05

/**
 * Share of the whole machine that others may take: beside trainers with cores of their own, or a GPU, that costs memory
 * bandwidth and clock rather than time.
 */
export const othersOnMachineLimit = 0.25

/** Share of time that a hypervisor may give to others: as much as counts as no difference between strategies. */
export const stealLimit = 0.02

/** Share of a container's scheduling periods that may end early, since its processor time was used up. */
export const quotaLimit = 0.01

const adviceForLoad =
  'Close other programs, including a browser that shows this dashboard, and measure again.'

/** Other programs on the processor, Tandem's own host among them. */
export const othersOnCpu: Rule = (run) => {
  const much = muchOnCpu(run)
  const some = someOnCpu(run, new Set(much.flatMap(({ strategies }) => strategies)))
  return [...much, ...some]
}

/** So much that figures say little, also of a strategy whose own cores were spared while its neighbours' were not. */
function muchOnCpu(run: JudgedResults): Finding[] {
  const found = worstRepeats(
    run,
    ({ conditions }) => (conditions === null ? null : othersOf(conditions)),
    othersUnreliableLimit,
  )
  if (found === null) return []
  const message = `Other programs took up to ${formatPercent(found.worst)} of the measured cores during ${found.where}. ${adviceForLoad}`
  return [{ code: 'others-on-cpu', severity: 'unreliable', strategies: found.strategies, message }]
}

function someOnCpu(run: JudgedResults, told: ReadonlySet<string>): Finding[] {
  const rest = { results: run.results.filter(({ id }) => !told.has(id)) }
  const own = worstRepeats(
    rest,
    ({ conditions }) => conditions?.cpu.othersShareOfOwnCores ?? null,
    othersOnOwnCoresLimit,
  )
  if (own !== null) {
    const message = `Other programs took up to ${formatPercent(own.worst)} of the cores that ${own.where} trained on. ${adviceForLoad}`
    return [{ code: 'others-on-cpu', severity: 'warning', strategies: own.strategies, message }]
  }
  const all = worstRepeats(
    rest,
    ({ conditions }) =>
      conditions?.cpu.othersCores == null
        ? null
        : conditions.cpu.othersCores / Math.max(1, conditions.cpu.cores),
    othersOnMachineLimit,
  )
  if (all === null) return []
  const message = `Other programs kept up to ${formatPercent(all.worst)} of the machine's cores busy beside ${all.where}. ${adviceForLoad}`
  return [{ code: 'others-on-cpu', severity: 'warning', strategies: all.strategies, message }]
}

/** Other machines under the same hypervisor. */
export const steal: Rule = (run) => {
  const found = worstRepeats(run, ({ conditions }) => conditions?.cpu.stealShare ?? null, stealLimit)
  if (found === null) return []
  const message = `The hypervisor gave up to ${formatPercent(found.worst)} of the processor's time to other machines during ${found.where}. Measure more blocks, or on a machine of your own.`
  const severity = found.worst > stealUnreliableLimit ? 'unreliable' : 'warning'
  return [{ code: 'steal', severity, strategies: found.strategies, message }]
}

/** A container that may not use its cores all the time. */
export const quota: Rule = (run) => {
  const found = worstRepeats(run, ({ conditions }) => conditions?.cpu.quotaThrottledShare ?? null, quotaLimit)
  const cores = run.environment?.cpuQuotaCores ?? null
  if (found === null) return []
  const limit = cores === null ? 'a limit' : `a limit of ${formatCoreLimit(cores)}`
  const message = `The container has ${limit} and was throttled in up to ${formatPercent(found.worst)} of its scheduling periods during ${found.where}. Raise its limit, or use fewer or smaller CPU devices.`
  return [{ code: 'quota', severity: 'warning', strategies: found.strategies, message }]
}
