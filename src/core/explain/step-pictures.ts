import type { DataSource } from '../../shared/child/trainer-protocol.js'
import type { StepPictures } from '../../shared/contract/commands.js'
import { chooseAugmentation, writeAugmented } from '../../shared/data/augmentation.js'
import { imageBytes } from '../../shared/data/cifar10.js'
import { beginningOfBatch } from '../../shared/data/epoch-batches.js'
import { toErrorReport } from '../../shared/errors.js'
import { findMeasurement } from '../../shared/explain/explained-run.js'
import type { Results } from '../../shared/results/results.js'
import { dataFolder } from '../data/data-folder.js'
import { openPictures, type PictureSource } from '../data/read-pictures.js'
import { sampleSource, syntheticSource } from '../data/shipped-data.js'

export interface PictureOptions {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  /** As `openPictures`; who has many steps to show keeps what was opened. */
  open?(source: DataSource): Promise<PictureSource>
  /** The run was measured elsewhere: its data folder is a path of another machine, and is not opened here. */
  isImported: boolean
}

export interface PictureRequest {
  /** Names the measurement. */
  key: string
  epoch: number
  /** Within the epoch. */
  step: number
  /** Of each rank at most so many. */
  limit: number
}

/**
 * The pictures that a step trained on, cropped and flipped as they were, rank after rank: which these are follows from
 * seed, epoch and step. Where they are not on this machine any more there is a reason in their place. Never rejects.
 */
export async function stepPictures(
  { configuration, measurements }: Results,
  { key, epoch, step, limit }: PictureRequest,
  options: PictureOptions,
): Promise<StepPictures> {
  const measurement = findMeasurement(measurements, key)
  if (measurement === undefined) return { kind: 'missing', reason: 'this run has no such measurement' }
  const source = sourceOf(configuration, options)
  if (source === null) return { kind: 'missing', reason: 'its pictures are on the machine that measured it' }
  try {
    const opened = await (options.open ?? openPictures)(source)
    const { worldSize, globalBatchSize } = measurement
    const ranks = Array.from({ length: worldSize }, (_, rank) =>
      beginningOfBatch(
        {
          count: opened.count,
          batchSize: Math.ceil(globalBatchSize / worldSize),
          seed: configuration.seed,
          rank,
          worldSize,
          maxStepsPerEpoch: configuration.maxStepsPerEpoch,
          samplesPerEpoch: configuration.samplesPerEpoch,
          shuffle: true,
        },
        epoch,
        step,
        limit,
      ),
    )
    const samples = Uint32Array.from(ranks.flatMap((batch) => [...batch]))
    const plain = await opened.read(samples)
    const pictures = new Uint8Array(samples.length * imageBytes)
    for (const [index, sample] of samples.entries()) {
      writeAugmented(plain, index, pictures, index, chooseAugmentation(configuration.seed, epoch, sample))
    }
    return {
      kind: 'pictures',
      pixels: Buffer.from(pictures).toString('base64'),
      ranks: ranks.map((batch) => batch.length),
    }
  } catch (thrown) {
    return { kind: 'missing', reason: toErrorReport(thrown).message }
  }
}

function sourceOf(
  { dataset, dataDir }: Results['configuration'],
  { environment, resourcesDirectory, isImported }: PictureOptions,
): DataSource | null {
  if (dataset === 'sample') return sampleSource(resourcesDirectory)
  if (dataset === 'synthetic') return syntheticSource
  if (isImported) return null
  return { kind: 'cifar10', directory: dataDir ?? dataFolder(environment) }
}
