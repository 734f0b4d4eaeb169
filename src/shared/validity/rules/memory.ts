import { formatBytes, formatPercent } from '../../text/format.js'
import type { Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

/** By how much swap may grow while a measurement trains: systems move idle pages out now and then. */
export const swapLimitBytes = 64 * 2 ** 20

/** Share of the time in which programs may wait for memory. */
export const stalledLimit = 0.01

/** Share of its memory that a machine must have free before a run. */
export const leastAvailableShare = 0.1

/** Memory that went out to a disk while something trained. */
export const swap: Rule = (run) => {
  const found = worstRepeats(
    run,
    ({ conditions }) => conditions?.memory.swapGrowthBytes ?? null,
    swapLimitBytes,
  )
  if (found === null) return []
  const message = `The machine swapped out ${formatBytes(found.worst)} during ${found.where}. Close programs, or use smaller batches or fewer data workers.`
  return [{ code: 'swap', severity: 'warning', strategies: found.strategies, message }]
}

/** Programs that wait for memory, ours or others. */
export const memoryPressure: Rule = (run) => {
  const found = worstRepeats(run, ({ conditions }) => conditions?.memory.stalledShare ?? null, stalledLimit)
  if (found === null) return []
  const message = `Programs waited for memory in up to ${formatPercent(found.worst)} of the time during ${found.where}. Close some, or use smaller batches or fewer data workers.`
  return [{ code: 'memory-pressure', severity: 'warning', strategies: found.strategies, message }]
}

/** A machine that was full before anything was measured. */
export const littleMemory: Rule = ({ environment }) => {
  const memory = environment?.memory
  if (memory?.availableBytes == null || memory.availableBytes >= leastAvailableShare * memory.totalBytes)
    return []
  const message = `Only ${formatBytes(memory.availableBytes)} of memory was free before the run. Close programs and measure again.`
  return [{ code: 'little-memory', severity: 'warning', strategies: [], message }]
}
