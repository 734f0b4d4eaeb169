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
  /** How often a case is measured before it is kept although other programs were busy meanwhile. */
  tries: number
  watch: WatchOthers
  /** Waits for a moment in which other programs are not busy, within reason. */
  untilQuiet(cores: readonly number[]): Promise<void>
  /** Before and after each case. */
  onCase(block: PlannedBlock, benchCase: BenchCase, outcome: Figures | string | null): void
  /** Before a case is measured again. */
  onDisturbed(otherCores: number): void
  /** After each block, with all that there are. */
  onBlock(blocks: BlockResult[]): Promise<void>
}

/**
 * Measures the blocks in their order, one case at a time. A case that fails is recorded as such, and the suite goes on.
 * A case that other programs disturbed is measured again once they are quiet, whatever came out; its last try is kept.
 */
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

async function measureUndisturbed(
  { cores, measure }: BenchCase,
  { signal, tries, watch, untilQuiet, onDisturbed }: SuiteRun,
): Promise<Record<string, number>> {
  for (let turn = 1; ; turn++) {
    const { outcome, otherCores } = await watch(cores, () => measure(signal))
    if (otherCores === null) return { ...outcome }
    if (otherCores <= disturbanceLimitCores || turn === tries) return { ...outcome, otherCores }
    onDisturbed(otherCores)
    await untilQuiet(cores)
  }
}

/** Whether other programs may have slowed one of its cases. */
export function isDisturbed({ samples }: BlockResult): boolean {
  return Object.values(samples).some(({ otherCores = 0 }) => otherCores > disturbanceLimitCores)
}

function isSame(result: BlockResult, block: PlannedBlock): boolean {
  return result.group === block.group && result.index === block.index
}

async function measureBlock(block: PlannedBlock, run: SuiteRun): Promise<BlockResult> {
  const samples: BlockResult['samples'] = {}
  const failures: BlockResult['failures'] = {}
  for (const benchCase of block.cases) {
    if (run.signal.aborted) break
    run.onCase(block, benchCase, null)
    try {
      const figures = await measureUndisturbed(benchCase, run)
      samples[benchCase.id] = figures
      run.onCase(block, benchCase, figures)
    } catch (thrown) {
      const { message } = toErrorReport(thrown)
      failures[benchCase.id] = message
      run.onCase(block, benchCase, message)
    }
  }
  return { group: block.group, index: block.index, order: block.cases.map(({ id }) => id), samples, failures }
}
