import { z } from 'zod'
import { TandemError } from '../../../shared/errors.js'
import { longestResultsBytes } from '../../results/results-file.js'

/** The version of the bundles that this Tandem writes. Raised when an older one could not take such a bundle in. */
export const bundleVersion = 1

/** What a bundle holds, in this order, and how much of it is taken in, unpacked. */
export const bundleParts = {
  /** Says what the archive is, and of which run. */
  'bundle.json': { mostBytes: 64 * 2 ** 10, isNeeded: true },
  'results.json': { mostBytes: longestResultsBytes, isNeeded: true },
  /** Every event, with the samples of the machine; left out where the run has none. */
  'recording.jsonl': { mostBytes: 2 * 2 ** 30, isNeeded: false },
  /** Name and notes. */
  'label.json': { mostBytes: 2 ** 20, isNeeded: false },
} as const satisfies Record<string, { mostBytes: number; isNeeded: boolean }>

export type BundlePart = keyof typeof bundleParts

export const bundlePartNames = Object.keys(bundleParts) as BundlePart[]

export const bundleManifestSchema = z.object({
  format: z.literal('tandem-bundle'),
  version: z.number().int().positive(),
  runId: z.string(),
})

export type BundleManifest = z.infer<typeof bundleManifestSchema>

/** A bundle that is not taken in. `why` in words that follow its name: `it is cut off`. */
export function notABundle(fileName: string, why: string): TandemError {
  return new TandemError({
    code: 'bundle-invalid',
    message: `${fileName} cannot be used: ${why}`,
    hint: 'Take a file that `tandem history export --bundle` or the export screen wrote, as it was written.',
  })
}
