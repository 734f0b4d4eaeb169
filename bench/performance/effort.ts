import type { Precision } from '../../src/shared/domain/engines.js'
import type { Stem } from '../../src/shared/domain/models.js'
import { type PyTorchMode, pytorchModes } from './measure/pytorch-training.js'
import { type RowName, rowNames } from './rows.js'

/** How much is measured: the difference between a usual and a quick suite. */
export interface Effort {
  /** Blocks of training. */
  pairs: number
  /** Blocks of everything else. */
  repeats: number
  stems: readonly Stem[]
  precisions: readonly Precision[]
  /** Of what these make, the rows that are measured. */
  rows: readonly RowName[]
  /** How PyTorch runs beside Tandem. */
  pytorchModes: readonly PyTorchMode[]
  /** Steps that count, of a training process; two more come before. */
  timedSteps: Readonly<Record<Stem, number>>
  /** Rounds of an all-reduce of 100 MB; smaller vectors get more. */
  allReduceRounds: number
}

/** What somebody chose; the rest is left to the effort. */
export interface EffortChoice {
  pairs?: number | undefined
  rows?: readonly RowName[] | undefined
  peers?: readonly PyTorchMode[] | undefined
  steps?: number | undefined
}

/** Half an hour on two cores of a server with five pairs, or about five minutes. */
export function chooseEffort(quick: boolean, { pairs, rows, peers, steps }: EffortChoice = {}): Effort {
  const effort = usualEffort(quick)
  return {
    ...effort,
    pairs: pairs ?? effort.pairs,
    rows: rows ?? effort.rows,
    pytorchModes: peers ?? effort.pytorchModes,
    timedSteps: steps === undefined ? effort.timedSteps : { torchvision: steps, cifar: steps },
  }
}

function usualEffort(quick: boolean): Effort {
  return quick
    ? {
        pairs: 2,
        repeats: 2,
        stems: ['torchvision'],
        precisions: ['fp32', 'mixed'],
        rows: rowNames,
        pytorchModes: pytorchModes.filter((mode) => mode !== 'max-autotune'),
        timedSteps: { torchvision: 5, cifar: 3 },
        allReduceRounds: 4,
      }
    : {
        pairs: 5,
        repeats: 3,
        stems: ['torchvision', 'cifar'],
        precisions: ['fp32', 'mixed'],
        rows: rowNames,
        pytorchModes,
        timedSteps: { torchvision: 9, cifar: 6 },
        allReduceRounds: 8,
      }
}
