import { join } from 'node:path'
import { z } from 'zod'
import type { Precision } from '../../../src/shared/domain/engines.js'
import { trainingFlops } from '../../../src/shared/domain/model-flops.js'
import type { Stem } from '../../../src/shared/domain/models.js'
import { strategies } from '../../../src/shared/domain/strategies.js'
import type { BenchContext } from '../context.js'
import { runForJson } from '../measure/launch.js'
import { measurePyTorch, type PyTorchMode } from '../measure/pytorch-training.js'
import { measureTandem, type TandemTraining } from '../measure/tandem-training.js'
import { precisionName, rowName } from '../rows.js'
import type { BenchCase, CaseGroup, Figures, Finding } from '../suite.js'

/** One setting in which Tandem and PyTorch train: a group of cases, a row of every table. */
export interface TrainingRow {
  stem: Stem
  precision: Precision
  /** Images a step and device. */
  batchSize: number
  group: string
  /** `bf16, CIFAR stem, batch 32` */
  title: string
}

/** Tandem on one core: the base of scaling, and what PyTorch's one process is held against. */
export const single = { strategy: 'single', devices: 1 } as const

const batchSizes: Readonly<Record<Stem, number>> = { torchvision: 256, cifar: 32 }

export function trainingRow(stem: Stem, precision: Precision): TrainingRow {
  const batchSize = batchSizes[stem]
  const group = `${precisionName(precision)} ${stem}`
  const title = `${precisionName(precision)}, ${stem === 'cifar' ? 'CIFAR' : stem} stem, batch ${batchSize}`
  return { stem, precision, batchSize, group, title }
}

export function trainingRows({ effort }: BenchContext): TrainingRow[] {
  return effort.stems
    .flatMap((stem) => effort.precisions.map((precision) => trainingRow(stem, precision)))
    .filter(({ stem, precision }) => effort.rows.includes(rowName(stem, precision)))
}

/** The cases of one row, measured together in as many blocks as there are to be pairs. */
export function trainingGroup(
  { effort }: BenchContext,
  { group }: TrainingRow,
  cases: readonly (BenchCase | null)[],
): CaseGroup {
  return { id: group, repeats: effort.pairs, cases: cases.filter((one) => one !== null) }
}

export type TandemVariant = Pick<TandemTraining, 'strategy' | 'devices'> &
  Partial<Pick<TandemTraining, 'autotune' | 'execution'>>

/** Null where there is no TensorFlow. */
export function tandemCase(
  context: BenchContext,
  row: TrainingRow,
  variant: TandemVariant,
): BenchCase | null {
  const { libraryDir, effort } = context
  if (libraryDir === null) return null
  const { stem, precision, batchSize } = row
  const training = {
    autotune: true,
    ...variant,
    stem,
    precision,
    batchSize,
    timedSteps: effort.timedSteps[stem],
    backend: { name: 'tensorflow', libraryDir },
  } as const
  return {
    id: tandemId(variant),
    title: `Tandem ${tandemTitle(variant)}`,
    cores: context.cores.slice(0, variant.devices),
    measure: async (signal) =>
      withFlops(stem, variant.devices, await measureTandem(context, training, signal)),
  }
}

/** `tandem-single`, `tandem-ddp-2`, `tandem-single-eager` */
export function tandemId({ strategy, devices, autotune, execution }: TandemVariant): string {
  const count = strategies[strategy].isBase ? '' : `-${devices}`
  const way = execution === 'eager' ? '-eager' : autotune === false ? '-untuned' : ''
  return `tandem-${strategy}${count}${way}`
}

function tandemTitle({ strategy, devices, autotune, execution }: TandemVariant): string {
  const { title, isBase } = strategies[strategy]
  const name = isBase ? title : `${title} x${devices}`
  return `${name}${execution === 'eager' ? ', eager' : autotune === false ? ', untuned' : ''}`
}

/** Null where there is no PyTorch. */
export function pytorchCase(
  context: BenchContext,
  row: TrainingRow,
  ranks: number,
  mode: PyTorchMode = 'eager',
): BenchCase | null {
  const { peer, effort } = context
  if (peer === null) return null
  const { stem, precision, batchSize } = row
  const training = { ranks, stem, precision, batchSize, timedSteps: effort.timedSteps[stem], mode }
  const measure: BenchCase['measure'] = async (signal) =>
    withFlops(stem, ranks, await measurePyTorch(context, peer, training, signal))
  const title = ranks === 1 ? 'PyTorch' : `PyTorch DDP x${ranks}`
  return {
    id: pytorchId(ranks, mode),
    title: mode === 'eager' ? title : `${title}, ${mode}`,
    // Its compiler may take longer than anybody waits, and needs a C++ compiler: eager PyTorch is the peer then.
    isOptional: mode !== 'eager',
    cores: context.cores.slice(0, ranks),
    measure: mode === 'eager' ? measure : unlessFailedBefore(measure),
  }
}

/** A compiler that did not finish once is not waited for again. */
function unlessFailedBefore(measure: BenchCase['measure']): BenchCase['measure'] {
  let failure: unknown = null
  return async (signal) => {
    if (failure !== null) throw failure
    try {
      return await measure(signal)
    } catch (thrown) {
      if (!signal.aborted) failure = thrown
      throw thrown
    }
  }
}

export function pytorchId(ranks: number, mode: PyTorchMode = 'eager'): string {
  const base = ranks === 1 ? 'pytorch-single' : `pytorch-ddp-${ranks}`
  return mode === 'eager' ? base : `${base}-${mode}`
}

/** PyTorch in every way that there is time for, as cases and as what the best of them is chosen from. */
export function pytorchCases(context: BenchContext, row: TrainingRow, ranks: number): (BenchCase | null)[] {
  return context.effort.pytorchModes.map((mode) => pytorchCase(context, row, ranks, mode))
}

/** What has to be reached beside the strongest peer, in every row. */
export const overBestPeer = 1.25

/** Images/s of a case of Tandem's over those of the best of PyTorch's. */
export function overBest(
  { effort }: BenchContext,
  { group }: TrainingRow,
  caseId: string,
  ranks: number,
): Pick<Finding, 'group' | 'unit' | 'bar' | 'value'> {
  const figure = 'imagesPerSecond'
  return {
    group,
    unit: 'ratio',
    bar: { atLeast: overBestPeer },
    value: {
      kind: 'ratio-to-best',
      over: { caseId, figure },
      under: effort.pytorchModes.map((mode) => ({ caseId: pytorchId(ranks, mode), figure })),
    },
  }
}

export const peakId = 'peak'

/** What one core makes of matrix products in the row's precision. Null where there is no TensorFlow. */
export function peakCase(context: BenchContext, { precision }: TrainingRow): BenchCase | null {
  const { libraryDir, launch, programs, cores } = context
  if (libraryDir === null) return null
  const program = {
    file: process.execPath,
    parameters: [join(programs, 'matmul-peak.mjs'), libraryDir, precision],
    cores: cores.slice(0, 1),
  }
  return {
    id: peakId,
    title: 'matmul peak',
    cores: program.cores,
    async measure(signal) {
      const { flopsPerSecond } = peakSchema.parse(await runForJson(launch, program, signal))
      return { flopsPerSecondPerDevice: flopsPerSecond }
    },
  }
}

const peakSchema = z.object({ flopsPerSecond: z.number().positive() })

function withFlops(stem: Stem, devices: number, figures: Figures): Figures {
  const imagesPerSecondPerDevice = (figures.imagesPerSecond ?? Number.NaN) / devices
  return {
    ...figures,
    imagesPerSecondPerDevice,
    flopsPerSecondPerDevice: imagesPerSecondPerDevice * trainingFlops('resnet18', stem),
  }
}
