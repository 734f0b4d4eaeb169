import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { DataSource } from '../../shared/child/trainer-protocol.js'
import { countRecords, unreadable } from '../../shared/data/cifar10-checks.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { type Cifar10Directory, checkCifar10Directory } from '../data/cifar10-directory.js'
import { dataFolder } from '../data/data-folder.js'
import { type DownloadProgress, downloadCifar10 } from '../data/download.js'
import { publishedSamples, sampleSource, syntheticSource } from '../data/shipped-data.js'

export interface ResolvedData {
  source: DataSource
  trainSamples: number
  testSamples: number
}

export interface DataOptions {
  environment: NodeJS.ProcessEnv
  /** Tandem's own resources; the sample is in its folder `cifar10-sample`. */
  resourcesDirectory: string
  signal?: AbortSignal
  onDownload?: (progress: DownloadProgress) => void
  /** `never` takes CIFAR-10 for there, where no folder is named: for a look at what a run would be. */
  download?: 'if-needed' | 'never'
}

/**
 * Where a run's pictures come from, checked: the named folder of CIFAR-10, a download of it where none is
 * named, the sample that ships with Tandem, or generated ones.
 *
 * Throws `data-*` and `download-*` errors, naming the file; `data-dir-unused` for a folder that would be
 * ignored.
 */
export async function resolveData(
  { dataset, dataDir }: Pick<RunConfiguration, 'dataset' | 'dataDir'>,
  { environment, resourcesDirectory, signal, onDownload, download }: DataOptions,
): Promise<ResolvedData> {
  if (dataDir !== null && dataset !== 'cifar10') throw unusedFolder(dataDir, dataset)
  switch (dataset) {
    case 'cifar10': {
      if (dataDir === null && download === 'never') {
        const source: DataSource = { kind: 'cifar10', directory: dataFolder(environment) }
        return { source, ...publishedSamples }
      }
      const found =
        dataDir === null
          ? await downloadCifar10({
              directory: dataFolder(environment),
              ...(signal && { signal }),
              ...(onDownload && { onProgress: onDownload }),
            })
          : await checkNamedFolder(dataDir, signal)
      const { directory, trainSamples, testSamples } = found
      return { source: { kind: 'cifar10', directory }, trainSamples, testSamples }
    }
    case 'sample': {
      const source = sampleSource(resourcesDirectory)
      const [trainSamples, testSamples] = await Promise.all(
        ['train.bin.br', 'test.bin.br'].map((name) => countCompressed(join(source.directory, name))),
      )
      return {
        source,
        trainSamples: trainSamples as number,
        testSamples: testSamples as number,
      }
    }
    case 'synthetic':
      return { source: syntheticSource, ...publishedSamples }
    default:
      return assertNever(dataset, 'data set')
  }
}

/** As `checkCifar10Directory`; what it finds wrong is wrong with that setting. */
async function checkNamedFolder(dataDir: string, signal: AbortSignal | undefined): Promise<Cifar10Directory> {
  try {
    return await checkCifar10Directory(dataDir, signal)
  } catch (thrown) {
    if (!(thrown instanceof TandemError)) throw thrown
    const setting = { name: 'dataDir', problem: thrown.message }
    throw new TandemError({ ...thrown.toReport(), setting }, { cause: thrown })
  }
}

async function countCompressed(path: string): Promise<number> {
  const compressed = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const records = await promisify(brotliDecompress)(compressed).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  return countRecords(path, records.length)
}

function unusedFolder(dataDir: string, dataset: string): TandemError {
  return new TandemError({
    code: 'data-dir-unused',
    message: `--data-dir ${dataDir} is for --dataset cifar10; the data set is ${dataset}`,
    hint: 'Add --dataset cifar10, or leave --data-dir out.',
    setting: { name: 'dataDir', problem: `only CIFAR-10 is read from a folder; the data set is ${dataset}` },
  })
}
