import type { DataSource } from '../../shared/child/trainer-protocol.js'
import type { Results } from '../../shared/results/results.js'
import { unpackSample } from '../engine/pytorch/unpack-sample.js'
import type { ChosenEngine } from './choose-engine.js'

/** What engines say of themselves for the machine's passport: PyTorch without where it lies. */
export function passportOf(
  engines: readonly ChosenEngine[],
): Pick<Results['machine'], 'tensorflowVersion' | 'pytorch'> {
  const tensorflowVersion =
    engines.find((engine) => engine.tensorflowVersion !== null)?.tensorflowVersion ?? null
  const found = engines.find(({ pytorch }) => pytorch !== undefined)?.pytorch
  if (found === undefined) return { tensorflowVersion }
  const { python, source, ...versions } = found
  return { tensorflowVersion, pytorch: versions }
}

/** The sample is compressed in a way that Python does not read; then all engines get it as plain files. */
export async function readableByAll(
  source: DataSource,
  engines: readonly ChosenEngine[],
  environment: NodeJS.ProcessEnv,
): Promise<DataSource> {
  if (source.kind !== 'sample' || engines.every(({ pytorch }) => pytorch === undefined)) return source
  return {
    kind: 'sample',
    directory: source.directory,
    unpacked: await unpackSample(source.directory, environment),
  }
}
