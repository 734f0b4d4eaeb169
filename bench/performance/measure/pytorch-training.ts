import { join } from 'node:path'
import getPort from 'get-port'
import { z } from 'zod'
import type { Precision } from '../../../src/shared/domain/engines.js'
import type { Stem } from '../../../src/shared/domain/models.js'
import type { BenchContext, Peer } from '../context.js'
import type { Figures } from '../suite.js'
import { type Program, runForJson } from './launch.js'
import { untimedSteps } from './tandem-training.js'

/** How PyTorch is to train; `batchSize` is a rank's, ranks are processes of a core each. */
export interface PyTorchTraining {
  ranks: number
  stem: Stem
  precision: Precision
  batchSize: number
  timedSteps: number
  mode: PyTorchMode
}

/** Operation by operation, or compiled by inductor, in its usual way or with every kernel tuned. */
export const pytorchModes = ['eager', 'compiled', 'max-autotune'] as const

export type PyTorchMode = (typeof pytorchModes)[number]

const compileFlags: Readonly<Record<PyTorchMode, string>> = {
  eager: 'off',
  compiled: 'default',
  'max-autotune': 'max-autotune',
}

const answerSchema = z.object({ stepMs: z.number(), peakMemoryBytes: z.number() })

/** Trains with bench/peers/train.py: plain, or DDP over gloo. */
export async function measurePyTorch(
  context: BenchContext,
  peer: Peer,
  training: PyTorchTraining,
  signal: AbortSignal,
): Promise<Figures> {
  const { ranks, batchSize } = training
  const program = await pytorchProgram(context, peer, training)
  const { stepMs, peakMemoryBytes } = answerSchema.parse(await runForJson(context.launch, program, signal))
  return { stepMs, imagesPerSecond: (batchSize * ranks * 1000) / stepMs, peakMemoryBytes }
}

/** bench/peers/train.py with its flags. */
export async function pytorchProgram(
  { root, cores }: BenchContext,
  peer: Peer,
  training: PyTorchTraining,
): Promise<Program> {
  const { ranks, stem, precision, batchSize, timedSteps, mode } = training
  const used = cores.slice(0, ranks)
  const settings = {
    stem,
    batch: batchSize,
    cores: used.join(','),
    precision,
    compile: compileFlags[mode],
    warmup: untimedSteps,
    steps: timedSteps,
    port: await getPort(),
  }
  return {
    file: peer.python,
    parameters: [join(root, 'bench', 'peers', 'train.py'), ...asFlags(settings)],
    cores: used,
  }
}

export function asFlags(settings: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
}
