import { join } from 'node:path'
import type { DataSource } from '../../shared/child/trainer-protocol.js'
import { type DataSplit, splitFiles } from '../../shared/data/cifar10.js'
import { syntheticSeed } from '../../shared/data/synthetic-picture.js'
import { assertNever } from '../../shared/errors.js'
import type { Dataset } from './dataset.js'
import { readCompressedRecords, readRecordFiles } from './records.js'
import { generateSynthetic } from './synthetic.js'

/**
 * Reads or generates one split without blocking the event loop for long.
 *
 * Throws `data-missing`, `data-unreadable`, `data-empty`, `data-truncated` or `data-label`, naming the file.
 */
export async function readDataset(source: DataSource, split: DataSplit): Promise<Dataset> {
  switch (source.kind) {
    case 'cifar10':
      return readRecordFiles(splitFiles[split].map((name) => join(source.directory, name)))
    case 'sample':
      return readCompressedRecords(join(source.directory, `${split}.bin.br`))
    case 'synthetic': {
      const count = split === 'train' ? source.trainSamples : source.testSamples
      return generateSynthetic({ count, seed: syntheticSeed, split })
    }
    default:
      return assertNever(source, 'data source')
  }
}
