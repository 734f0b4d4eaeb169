import { join } from 'node:path'
import type { DataSource } from '../../shared/child/trainer-protocol.js'

/** What CIFAR-10 has. The synthetic set has as many, so that epochs are as long. */
export const publishedSamples = { trainSamples: 50_000, testSamples: 10_000 } as const

export const syntheticSource = {
  kind: 'synthetic',
  ...publishedSamples,
} as const satisfies DataSource

/** The pictures that ship with Tandem. */
export function sampleSource(resourcesDirectory: string): Extract<DataSource, { kind: 'sample' }> {
  return { kind: 'sample', directory: join(resourcesDirectory, 'cifar10-sample') }
}
