import { toErrorReport } from '../../src/shared/errors.js'
import { disturbanceLimitCores, type WatchOthers } from './measure/other-programs.js'
import type { PlannedBlock } from './plan.js'
import type { BlockResult } from './results.js'
import type { BenchCase, Figures } from './suite.js'

export interface SuiteRun {
  /** What was measured before, which is not measured again. */
  known: readonly BlockResult[]
  /** When to begin no more blocks, by `performance.now()`. */
  deadlineMs: number
  signal: AbortSignal
  watch: WatchOthers
  /** Before and after each case. */
  onCase(block: PlannedBlock, benchCase: BenchCase, outcome: Figures | string | null): void
  /** Before a block is measured again. */
  onDisturbed(block: PlannedBlock, otherCores: number): void
  /** After each block, with all that there are. */
  onBlock(blocks: BlockResult[]): Promise<void>
}

/** How often a block is measured before it is kept although other programs were busy meanwhile. */
const mostTries = 3

/**
 * Measures the blocks in their order, one case at a time. A case that fails is recorded as such, and the suite goes on.
 * A block that other programs disturbed is measured again, whatever came out; its last try is kept.
 */
export async function runSuite(plan: readonly PlannedBlock[], run: SuiteRun): Promise<BlockResult[]> {
  let blocks = [...run.known]
  for (const block of remainingBlocks(plan, run.known)) {
    if (run.signal.aborted || performance.now() > run.deadlineMs) return blocks
    let result = await measureBlock(block, run)
    for (let tries = 1; tries < mostTries && isDisturbed(result) && !run.signal.aborted; tries++) {
      run.onDisturbed(block, otherCoresOf(result))
      result = await measureBlock(block, run)
    }
    // Half a block says nothing about ratios.
    if (run.signal.aborted) return blocks
    blocks = [...blocks.filter((known) => !isSame(known, block)), result]
    await run.onBlock(blocks)
  }
  return blocks
}

/** Those that were not measured yet, or with fewer cases. */
export function remainingBlocks(
  plan: readonly PlannedBlock[],
  known: readonly BlockResult[],
): PlannedBlock[] {
  return plan.filter(
    (block) =>
      !known.some(
        (result) => isSame(result, block) && block.cases.every(({ id }) => result.order.includes(id)),
      ),
  )
}

/** Whether other programs may have slowed one of its cases. */
export function isDisturbed(result: BlockResult): boolean {
  return otherCoresOf(result) > disturbanceLimitCores
}

/** Cores that other programs kept busy, of the case in which they were most; 0 where that is not known. */
function otherCoresOf({ samples }: BlockResult): number {
  return Math.max(0, ...Object.values(samples).map(({ otherCores = 0 }) => otherCores))
}

function isSame(result: BlockResult, block: PlannedBlock): boolean {
  return result.group === block.group && result.index === block.index
}

async function measureBlock(block: PlannedBlock, { signal, watch, onCase }: SuiteRun): Promise<BlockResult> {
  const samples: BlockResult['samples'] = {}
  const failures: BlockResult['failures'] = {}
  for (const benchCase of block.cases) {
    if (signal.aborted) break
    onCase(block, benchCase, null)
    try {
      const { outcome, otherCores } = await watch(() => benchCase.measure(signal))
      const figures = { ...outcome, ...(otherCores === null ? {} : { otherCores }) }
      samples[benchCase.id] = figures
      onCase(block, benchCase, figures)
    } catch (thrown) {
      const { message } = toErrorReport(thrown)
      failures[benchCase.id] = message
      onCase(block, benchCase, message)
    }
  }
  return { group: block.group, index: block.index, order: block.cases.map(({ id }) => id), samples, failures }
}
