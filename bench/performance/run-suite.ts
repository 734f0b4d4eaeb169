import { toErrorReport } from '../../src/shared/errors.js'
import type { PlannedBlock } from './plan.js'
import type { BlockResult } from './results.js'
import type { BenchCase, Figures } from './suite.js'

export interface SuiteRun {
  /** What was measured before, which is not measured again. */
  known: readonly BlockResult[]
  /** When to begin no more blocks, by `performance.now()`. */
  deadlineMs: number
  signal: AbortSignal
  /** Before and after each case. */
  onCase(block: PlannedBlock, benchCase: BenchCase, outcome: Figures | string | null): void
  /** After each block, with all that there are. */
  onBlock(blocks: BlockResult[]): Promise<void>
}

/** Measures the blocks in their order, one case at a time. A case that fails is recorded as such, and the suite goes on. */
export async function runSuite(plan: readonly PlannedBlock[], run: SuiteRun): Promise<BlockResult[]> {
  let blocks = [...run.known]
  for (const block of remainingBlocks(plan, run.known)) {
    if (run.signal.aborted || performance.now() > run.deadlineMs) return blocks
    const result = await measureBlock(block, run)
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

function isSame(result: BlockResult, block: PlannedBlock): boolean {
  return result.group === block.group && result.index === block.index
}

async function measureBlock(block: PlannedBlock, { signal, onCase }: SuiteRun): Promise<BlockResult> {
  const samples: BlockResult['samples'] = {}
  const failures: BlockResult['failures'] = {}
  for (const benchCase of block.cases) {
    if (signal.aborted) break
    onCase(block, benchCase, null)
    try {
      const figures = await benchCase.measure(signal)
      samples[benchCase.id] = { ...figures }
      onCase(block, benchCase, figures)
    } catch (thrown) {
      const { message } = toErrorReport(thrown)
      failures[benchCase.id] = message
      onCase(block, benchCase, message)
    }
  }
  return { group: block.group, index: block.index, order: block.cases.map(({ id }) => id), samples, failures }
}
