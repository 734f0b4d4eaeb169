import type { Precision } from '../../src/shared/domain/engines.js'
import type { Stem } from '../../src/shared/domain/models.js'
import { type PyTorchMode, pytorchModes } from './measure/pytorch-training.js'

/** How much is measured: the difference between a usual and a quick suite. */
export interface Effort {
  /** Blocks of training. */
  pairs: number
  /** Blocks of everything else. */
  repeats: number
  stems: readonly Stem[]
  precisions: readonly Precision[]
  /** How PyTorch runs beside Tandem. */
  pytorchModes: readonly PyTorchMode[]
  /** Steps that count, of a training process; two more come before. */
  timedSteps: Readonly<Record<Stem, number>>
  /** Rounds of an all-reduce of 100 MB; smaller vectors get more. */
  allReduceRounds: number
}

/** Half an hour on two cores of a server with five pairs, or about five minutes. */
export function chooseEffort(quick: boolean, pairs: number | undefined): Effort {
  return quick
    ? {
        pairs: pairs ?? 2,
        repeats: 2,
        stems: ['torchvision'],
        precisions: ['fp32', 'mixed'],
        pytorchModes: pytorchModes.filter((mode) => mode !== 'max-autotune'),
        timedSteps: { torchvision: 5, cifar: 3 },
        allReduceRounds: 4,
      }
    : {
        pairs: pairs ?? 5,
        repeats: 3,
        stems: ['torchvision', 'cifar'],
        precisions: ['fp32', 'mixed'],
        pytorchModes,
        timedSteps: { torchvision: 9, cifar: 6 },
        allReduceRounds: 8,
      }
}
