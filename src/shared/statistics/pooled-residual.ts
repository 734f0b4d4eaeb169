import { mean } from './means.js'

/** What is left of a table of blocks and strategies once the mean of each row and each column is taken away. */
export interface PooledResidual {
  /** Standard deviation of one measurement's logarithm. */
  deviation: number
  degreesOfFreedom: number
}

/** Blocks for which the residual is pooled. With more, each pair has enough of its own to go by. */
export const pooledBlocks: readonly number[] = [3, 4]

/**
 * The residual of a two-way layout without interaction (Box, Hunter and Hunter, *Statistics for Experimenters*, chapter 4):
 * with B blocks and S strategies, (B - 1)(S - 1) degrees of freedom where a single pair has B - 1. It takes all strategies
 * to vary alike; what that costs where they do not is in `pooled-coverage.test.ts`.
 *
 * @param times seconds for the same work, above 0, a row a block with every strategy in the same order
 * @returns null unless there are three or four blocks, and two strategies or more in each
 */
export function pooledResidual(times: readonly (readonly number[])[]): PooledResidual | null {
  const strategies = times[0]?.length ?? 0
  if (!pooledBlocks.includes(times.length) || strategies < 2) return null
  const logs = times.map((row) => row.map(Math.log))
  const rowMeans = logs.map(meanOf)
  const columnMeans = Array.from({ length: strategies }, (_, column) =>
    meanOf(logs.map((row) => row[column] as number)),
  )
  const grandMean = meanOf(rowMeans)
  let squares = 0
  for (const [block, row] of logs.entries()) {
    for (const [column, value] of row.entries()) {
      const expected = (rowMeans[block] as number) + (columnMeans[column] as number) - grandMean
      squares += (value - expected) ** 2
    }
  }
  const degreesOfFreedom = (times.length - 1) * (strategies - 1)
  return { deviation: Math.sqrt(squares / degreesOfFreedom), degreesOfFreedom }
}

/** There are values: a table without any has no residual. */
function meanOf(values: readonly number[]): number {
  return mean(values) as number
}
