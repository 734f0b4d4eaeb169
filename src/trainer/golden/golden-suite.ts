import { expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { goldenDeviations } from './deviations.js'
import { runGoldenCase } from './golden-case.js'
import { goldenCases, readGoldenFile } from './read-golden-file.js'

/** Compares a backend with PyTorch. Call it inside a `describe`; the backend must be the current one. */
export function goldenSuite(backend: () => Backend): void {
  it.each(goldenCases)(
    'computes $modelName with the $stem stem as PyTorch does',
    { timeout: 300_000 },
    async (goldenCase) => {
      const before = backend().resources()
      const golden = readGoldenFile(goldenCase)
      const deviations = goldenDeviations(golden.expected, await runGoldenCase(backend(), golden))
      expect(deviations.filter(({ relative, tolerance }) => !(relative <= tolerance))).toEqual([])
      expect(backend().resources().tensors).toBe(before.tensors)
    },
  )
}
