import { join } from 'node:path'
import getPort from 'get-port'
import { z } from 'zod'
import type { Precision } from '../../../src/shared/domain/engines.js'
import type { Stem } from '../../../src/shared/domain/models.js'
import type { BenchContext, Peer } from '../context.js'
import type { Figures } from '../suite.js'
import { runForJson } from './launch.js'
import { untimedSteps } from './tandem-training.js'

/** How PyTorch is to train; `batchSize` is a rank's, ranks are processes of a core each. */
export interface PyTorchTraining {
  ranks: number
  stem: Stem
  precision: Precision
  batchSize: number
  timedSteps: number
}

const answerSchema = z.object({ stepMs: z.number(), peakMemoryBytes: z.number() })

/** Trains with bench/peers/train.py: plain, or DDP over gloo. */
export async function measurePyTorch(
  { root, launch, cores }: BenchContext,
  peer: Peer,
  training: PyTorchTraining,
  signal: AbortSignal,
): Promise<Figures> {
  const { ranks, stem, precision, batchSize, timedSteps } = training
  const used = cores.slice(0, ranks)
  const settings = {
    stem,
    batch: batchSize,
    cores: used.join(','),
    precision,
    warmup: untimedSteps,
    steps: timedSteps,
    port: await getPort(),
  }
  const program = {
    file: peer.python,
    parameters: [join(root, 'bench', 'peers', 'train.py'), ...asFlags(settings)],
    cores: used,
  }
  const { stepMs, peakMemoryBytes } = answerSchema.parse(await runForJson(launch, program, signal))
  return { stepMs, imagesPerSecond: (batchSize * ranks * 1000) / stepMs, peakMemoryBytes }
}

export function asFlags(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
}
