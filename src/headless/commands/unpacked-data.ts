import { unpackNamed } from '../../core/data/unpack-archive.js'
import { TandemError } from '../../shared/errors.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { CommandIo } from '../command-io.js'
import type { TrainingFlags } from '../run-options.js'

/**
 * With `--unpack`, the configuration with the folder that came out of the archive which `--data-dir` names. Throws
 * `usage` without `--data-dir`, and as `unpackNamed`.
 */
export async function withUnpackedData(
  configuration: RunConfiguration,
  { unpack }: TrainingFlags,
  { stderr, withInterrupt }: CommandIo,
): Promise<RunConfiguration> {
  if (unpack !== true) return configuration
  const { dataDir } = configuration
  if (dataDir === null) {
    throw new TandemError({
      code: 'usage',
      message: '--unpack has nothing to unpack',
      hint: 'Name the archive, or the folder that it lies in, with --data-dir.',
    })
  }
  const say = (archive: string): void => void stderr.write(`Unpacking ${archive}\n`)
  return { ...configuration, dataDir: await withInterrupt((signal) => unpackNamed(dataDir, signal, say)) }
}
