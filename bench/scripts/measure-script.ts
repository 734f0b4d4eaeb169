import { join } from 'node:path'
import { measureOnce } from '../../e2e/pytorch/measure-once.js'
import { childEnvironment } from '../../src/core/child/child-program.js'
import type { Measurement } from '../../src/shared/results/results.js'

/** A script, by its place in the clone, and how it is measured once. */
export interface ScriptOfBench {
  python: string
  file: string
  parameters: readonly string[]
  ranks: number
  steps: number
  warmUpSteps: number
}

/** Measures it on CPU devices, as `tandem measure` does. Throws what went wrong with it. */
export async function measureScript(script: ScriptOfBench): Promise<Measurement> {
  const { python, file, parameters, ranks, steps, warmUpSteps } = script
  const root = process.env.TANDEM_BENCH_ROOT ?? ''
  const chosen = {
    ...{
      command: [python, '-B', file, ...parameters],
      folder: root,
      worlds: [ranks],
      launcher: 'tandem' as const,
    },
    ...{ steps, warmUpSteps, perDeviceBatch: null, globalBatch: null, startSeconds: 600, isInScratch: false },
  }
  const measured = await measureOnce(chosen, {
    environment: childEnvironment(process.env),
    resourcesDirectory: join(root, 'resources'),
  })
  if (measured.error !== null) throw new Error(`${measured.error.message}\n${measured.error.details ?? ''}`)
  return measured
}
