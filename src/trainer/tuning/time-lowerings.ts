import type { ConvolutionUse } from '../kernels/lowering-choices.js'
import type { LoweringBench, LoweringCatalogue, PreparedLowering } from './lowering-catalogue.js'

/** A lowering's shortest run, or the longest that it was given before it was dropped. Milliseconds. */
export interface LoweringTime {
  name: string
  ms: number
}

export interface TimingOptions {
  nowMs(): number
  signal: AbortSignal
}

const rounds = 4
/**
 * A lowering this much slower than the fastest so far is not timed again; after one run only, which anything may have
 * disturbed, it must be slower still. The usual one always is: whatever replaces it has been compared in every round.
 */
const hopelessFactor = { afterOneRun: 3, later: 1.4 }
/** A single run is repeated until it lasts so long, so that the clock and the call do not count. */
const shortestSampleMs = 3
const mostRepetitions = 8

interface Candidate extends LoweringTime {
  lowering: PreparedLowering
  repetitions: number
}

/**
 * Times every lowering of `use`: once to warm up, then in rounds that have each of them once, so that whatever
 * disturbs the machine disturbs all. The shortest of a lowering's runs counts.
 */
export async function timeLowerings(
  catalogue: LoweringCatalogue,
  use: ConvolutionUse,
  { nowMs, signal }: TimingOptions,
): Promise<LoweringTime[]> {
  const bench = catalogue.open(use)
  const candidates: Candidate[] = []
  try {
    for (const name of catalogue.names(use)) candidates.push(await warmUp(bench, name, nowMs))
    for (let round = 0; round < rounds; round++) {
      const fastest = Math.min(...candidates.map(({ ms }) => ms))
      const factor = round === 0 ? hopelessFactor.afterOneRun : hopelessFactor.later
      for (const candidate of candidates) {
        signal.throwIfAborted()
        const isUsual = candidate === candidates[0]
        if (isUsual || candidate.ms <= fastest * factor) await sample(candidate, nowMs)
      }
    }
    return candidates.map(({ name, ms }) => ({ name, ms }))
  } finally {
    for (const { lowering } of candidates) lowering.dispose()
    bench.dispose()
  }
}

/** The first run optimises a function or compiles code; the second one is the first that means something. */
async function warmUp(bench: LoweringBench, name: string, nowMs: () => number): Promise<Candidate> {
  const lowering = bench.prepare(name)
  await lowering.run()
  const candidate = { name, lowering, ms: Number.POSITIVE_INFINITY, repetitions: 1 }
  await sample(candidate, nowMs)
  candidate.repetitions = Math.min(mostRepetitions, Math.max(1, Math.ceil(shortestSampleMs / candidate.ms)))
  return candidate
}

async function sample(candidate: Candidate, nowMs: () => number): Promise<void> {
  const startedAtMs = nowMs()
  for (let repetition = 0; repetition < candidate.repetitions; repetition++) await candidate.lowering.run()
  candidate.ms = Math.min(candidate.ms, (nowMs() - startedAtMs) / candidate.repetitions)
}
