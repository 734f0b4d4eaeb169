import { idOfStrategy, planPosition } from '../domain/measurement-ids.js'
import type { StrategyResult } from '../results/strategy-results.js'

/** One strategy of a comparison. */
export interface MatchedStrategy {
  /** The most that any run calls it: with its engine, where one of them measured several. */
  id: string
  title: string
  /** A run each; undefined for one that was not to measure it. */
  results: (StrategyResult | undefined)[]
}

/**
 * Which strategies of runs belong together: the same one on the same engine; what is left, the same one on another engine.
 * So a run of PyTorch alone is held against PyTorch in a run of several engines, whichever of these comes first there.
 * In the order of a plan.
 */
export function matchStrategies(runs: readonly (readonly StrategyResult[])[]): MatchedStrategy[] {
  const matched: MatchedStrategy[] = []
  for (const [run, results] of runs.entries()) {
    const isFree = (row: MatchedStrategy, { id }: StrategyResult): boolean =>
      row.results[run] === undefined && idOfStrategy(row) === idOfStrategy({ id })
    const rest = results.filter((result) => {
      const row = matched.find((one) => isFree(one, result) && isOnEngineOf(one, result))
      if (row !== undefined) put(row, run, result)
      return row === undefined
    })
    for (const result of rest) {
      const row = matched.find((one) => isFree(one, result)) ?? newRow(matched, runs.length, result)
      put(row, run, result)
    }
  }
  const positionOf = ({ results }: MatchedStrategy): number =>
    Math.max(...results.flatMap((one) => (one ? [planPosition(one)] : [])))
  return matched.sort((a, b) => positionOf(a) - positionOf(b))
}

function newRow(matched: MatchedStrategy[], runs: number, { id, title }: StrategyResult): MatchedStrategy {
  const row = { id, title, results: Array.from({ length: runs }, () => undefined) }
  matched.push(row)
  return row
}

function put(row: MatchedStrategy, run: number, result: StrategyResult): void {
  row.results[run] = result
  // The longer id says the engine, too.
  if (result.id.length >= row.id.length) Object.assign(row, { id: result.id, title: result.title })
}

function isOnEngineOf({ results }: MatchedStrategy, { backend }: StrategyResult): boolean {
  return backend !== null && results.some((one) => one?.backend === backend)
}
