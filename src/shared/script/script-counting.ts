import type { Measurement } from '../results/results.js'
import { formatQuantity } from '../text/format.js'
import type { Script, scriptCounts } from './script.js'

/** What a rank trains on in a step, as far as somebody said it; null where that is left to the script. */
export function saidBatchOfRank(
  { perDeviceBatch, globalBatch }: Pick<Script, 'perDeviceBatch' | 'globalBatch'>,
  worldSize: number,
): number | null {
  return globalBatch === null ? perDeviceBatch : globalBatch / worldSize
}

/** What a script's steps are counted by once it has shown that nothing tells their samples. */
export function countsWithoutSamples(script: Script): (typeof scriptCounts)[number] {
  return saidBatchOfRank(script, 1) === null ? 'steps' : 'said-samples'
}

/** What one step of one rank counts where its samples are not known. */
export function worthOfStep(script: Script, worldSize: number): number {
  return saidBatchOfRank(script, worldSize) ?? 1
}

/** A measurement of a script whose samples are not known, counted as all others of its run are. */
export function withoutSamples<Counted extends Pick<Measurement, 'worldSize' | 'epochs' | 'ranks'>>(
  measurement: Counted,
  script: Script,
): Counted {
  const { worldSize } = measurement
  const images = worthOfStep(script, worldSize)
  return {
    ...measurement,
    perDeviceBatchSize: images,
    globalBatchSize: images * worldSize,
    epochs: measurement.epochs.map((epoch) => ({ ...epoch, images: images * worldSize * epoch.steps })),
    ranks: measurement.ranks.map(({ rank, steps }) => ({
      rank,
      steps: steps.map((step) => ({ ...step, images })),
    })),
  }
}

/** Why a script's samples are not its throughput, what is in their place, and how they could be. */
export function countingNote(script: Script): string {
  const { globalBatch, worlds } = script
  const why = 'this script does not fetch the batch of each step from a DataLoader'
  const counted = 'To have them counted, call tandem_probe.report(samples=…) before each step.'
  const said = saidBatchOfRank(script, 1)
  if (said !== null) {
    const flag = globalBatch === null ? '--per-device-batch' : '--global-batch'
    const each = globalBatch === null ? 'a step of each rank' : 'a step of all ranks'
    return `Samples: ${formatQuantity(said, 'sample')} in ${each}, as ${flag} says; ${why}. ${counted}`
  }
  if (worlds.every((ranks) => ranks === 1)) {
    return `Samples: not known; ${why}, so its steps are counted. ${counted}`
  }
  return (
    `Samples: not known; ${why}, so the steps of its ranks are counted, and a speedup takes each of them for equal work, ` +
    `whatever the number of ranks. Where the ranks share one batch, say its size with --global-batch. ${counted}`
  )
}
