import type { TuningProgress } from '../../shared/child/trainer-protocol.js'
import { floatingPointOperations } from '../kernels/convolution-geometry.js'
import {
  type ConvolutionUse,
  convolutionKernelNames,
  keyOf,
  type Suggest,
} from '../kernels/lowering-choices.js'
import type { ChoiceCache, LoweringTimes } from './choice-cache.js'
import type { LoweringCatalogue } from './lowering-catalogue.js'
import { timeLowerings } from './time-lowerings.js'

/** What became of one convolution kernel. */
export interface TunedConvolution {
  use: ConvolutionUse
  /** How often a step runs it. */
  count: number
  /** What is used untuned. */
  usual: string
  chosen: string
  /** Milliseconds by lowering, the default first; null where the time did not suffice. */
  times: LoweringTimes | null
  fromCache: boolean
}

export interface AutotunerOptions {
  catalogue: LoweringCatalogue
  cache: ChoiceCache
  /** For timing; what does not fit keeps its default, and is timed by a later run. */
  budgetMs: number
  signal: AbortSignal
  nowMs?: () => number
  /** Told before the first kernel is timed and after each. */
  onProgress?: (progress: TuningProgress) => void
}

/** Another lowering than the default must be faster by more than noise. */
const worthwhileFactor = 0.97

/**
 * Picks the fastest lowering for every convolution kernel in `uses` (as `recordConvolutions` gives them): from the
 * cache, else by timing it, those first that have most to win. In the order of their first use.
 */
export async function autotune(
  uses: readonly ConvolutionUse[],
  { catalogue, cache, budgetMs, signal, nowMs = () => performance.now(), onProgress }: AutotunerOptions,
): Promise<TunedConvolution[]> {
  const startedAtMs = nowMs()
  const distinct = distinctUses(uses)
  const cached = await cache.read()
  const measured = new Map<string, LoweringTimes>()
  const toTime = distinct.filter(({ use }) => {
    const names = catalogue.names(use)
    return names.length > 1 && !isComplete(cached.get(keyOf(use)), names)
  })
  const progress = progressOf(toTime, catalogue, budgetMs)
  for (const { use } of toTime.sort(byExpectedGain)) {
    const elapsedMs = nowMs() - startedAtMs
    onProgress?.(progress(measured, elapsedMs))
    if (elapsedMs >= budgetMs) break
    const times = await timeLowerings(catalogue, use, { nowMs, signal })
    measured.set(keyOf(use), Object.fromEntries(times.map(({ name, ms }) => [name, ms])))
  }
  if (toTime.length > 0) onProgress?.(progress(measured, nowMs() - startedAtMs))
  if (measured.size > 0) await cache.add(measured)
  return distinct.map(({ use, count }) => {
    const names = catalogue.names(use)
    const fresh = measured.get(keyOf(use))
    const stored = cached.get(keyOf(use))
    const times = fresh ?? (isComplete(stored, names) ? stored : undefined) ?? null
    const fromCache = fresh === undefined && times !== null
    return { use, count, usual: names[0] ?? '', chosen: fastest(names, times), times, fromCache }
  })
}

/** What stored timings speak for, and the usual lowering where there are none. */
export function suggestFrom(
  cached: ReadonlyMap<string, LoweringTimes>,
  catalogue: Pick<LoweringCatalogue, 'names'>,
): Suggest {
  return (use) => {
    const names = catalogue.names(use)
    const stored = cached.get(keyOf(use))
    return fastest(names, isComplete(stored, names) ? stored : null)
  }
}

function progressOf(toTime: readonly CountedUse[], catalogue: LoweringCatalogue, budgetMs: number) {
  // A call has costs of its own, which is most of what the smallest kernels take.
  const work = ({ use }: CountedUse) =>
    catalogue.names(use).length * (floatingPointOperations(use.convolution) + callFloatingPointOperations)
  const sum = (uses: readonly CountedUse[]) => uses.reduce((total, use) => total + work(use), 0)
  const all = sum(toTime)
  return (measured: ReadonlyMap<string, LoweringTimes>, elapsedMs: number): TuningProgress => {
    const done = sum(toTime.filter(({ use }) => measured.has(keyOf(use))))
    const estimateMs = done === 0 ? null : (elapsedMs * (all - done)) / done
    return {
      timed: measured.size,
      toTime: toTime.length,
      elapsedMs,
      remainingMs: estimateMs && Math.max(0, Math.min(estimateMs, budgetMs - elapsedMs)),
    }
  }
}

/** What a processor's core does in the time that a call costs. */
const callFloatingPointOperations = 1e7

export interface CountedUse {
  use: ConvolutionUse
  count: number
}

/** Each use once, in the order of its first, and how often it was there. */
export function distinctUses(uses: readonly ConvolutionUse[]): CountedUse[] {
  const byKey = new Map<string, CountedUse>()
  for (const use of uses) {
    const known = byKey.get(keyOf(use))
    if (known === undefined) byKey.set(keyOf(use), { use, count: 1 })
    else known.count++
  }
  return [...byKey.values()]
}

/** Filter gradients gain most on CPUs, then input gradients; among their like, what costs most. */
function byExpectedGain(a: CountedUse, b: CountedUse): number {
  const rank = ({ use }: CountedUse) => -convolutionKernelNames.indexOf(use.kernel)
  const cost = ({ use, count }: CountedUse) => count * floatingPointOperations(use.convolution)
  return rank(a) - rank(b) || cost(b) - cost(a)
}

/** Whether every lowering that there is now was timed. */
function isComplete(times: LoweringTimes | undefined, names: readonly string[]): times is LoweringTimes {
  return times !== undefined && names.every((name) => times[name] !== undefined)
}

function fastest(names: readonly string[], times: LoweringTimes | null): string {
  const [usual = ''] = names
  if (times === null) return usual
  const timeOf = (name: string) => times[name] ?? Number.POSITIVE_INFINITY
  const best = names.reduce((left, right) => (timeOf(right) < timeOf(left) ? right : left), usual)
  return timeOf(best) < worthwhileFactor * timeOf(usual) ? best : usual
}
