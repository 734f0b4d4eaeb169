import { dispose, keep, scalar, type Tensor, tensor1d, type Variable } from '@tensorflow/tfjs-core'
import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import type { Backend, CompiledStep } from '../backend.js'
import type { ImageBatch } from '../data/loader.js'
import type { Classifier } from '../model/classifier.js'
import { createLossScale, type LossScale } from '../model/loss-scale.js'
import { createMomentumOptimizer, type MomentumOptimizer } from '../model/momentum-optimizer.js'
import { countCorrectPredictions } from '../model/training-step.js'
import type { Autotuner } from './create-autotuner.js'

/** What all strategies train: the model, its optimiser and the engine, and what is done to them alike. */
export interface TrainingProgram {
  readonly backend: Backend
  readonly model: Classifier
  readonly optimizer: MomentumOptimizer
  /** null where gradients do not need it. */
  readonly lossScale: LossScale | null
  /** Scalar. */
  readonly learningRate: Tensor
  /** What a step that updates reads and writes: `modelState` and velocities. */
  readonly state: readonly Variable[]
  /** What a step that does not update reads and writes: parameters, batch-norm statistics, loss scale. */
  readonly modelState: readonly Variable[]
  /** (images, labels) to the number of correct predictions. */
  readonly evaluationStep: CompiledStep
  /** null where convolutions are computed as the engine does by itself. */
  readonly autotuner: Autotuner | null
  dispose(): void
}

export function createTrainingProgram(
  backend: Backend,
  model: Classifier,
  settings: Pick<TrainerJob, 'learningRate' | 'momentum' | 'weightDecay' | 'precision' | 'devices'>,
  autotuner: Autotuner | null = null,
): TrainingProgram {
  const { momentum, weightDecay } = settings
  // TensorFlow's mixed precision is float16 on GPUs, whose small range needs it, and bfloat16 on CPUs.
  const isFloat16 = settings.precision === 'mixed' && settings.devices[0]?.kind === 'gpu'
  const lossScale = isFloat16 ? createLossScale() : null
  const optimizer = createMomentumOptimizer(model.parameters, { momentum, weightDecay, lossScale })
  const learningRate = keep(scalar(settings.learningRate))
  const scaling = lossScale?.variables ?? []
  const modelState = [...model.parameters, ...model.buffers].map(({ variable }) => variable).concat(scaling)
  const evaluationStep = backend.compile(
    (images, labels) => [countCorrectPredictions(model, images as Tensor, labels as Tensor)],
    { name: 'evaluate', state: modelState },
  )
  return {
    backend,
    model,
    optimizer,
    learningRate,
    modelState,
    lossScale,
    state: [...modelState, ...optimizer.velocities],
    evaluationStep,
    autotuner,
    dispose() {
      evaluationStep.dispose()
      learningRate.dispose()
      optimizer.dispose()
      lossScale?.dispose()
      model.dispose()
      backend.dispose()
    },
  }
}

/** A batch on its way into a compiled step; the caller disposes what comes out. */
export function uploadBatch(backend: Backend, batch: ImageBatch): [images: Tensor, labels: Tensor] {
  return [backend.uploadImages(batch.images, batch.size), tensor1d(batch.labels, 'int32')]
}

/** Runs a step whose inputs were made for it, and frees them. */
export async function runAndDispose(
  step: CompiledStep,
  inputs: readonly Tensor[],
  lasting: readonly Tensor[] = [],
): Promise<Tensor[]> {
  try {
    return await step.run(...inputs, ...lasting)
  } finally {
    dispose([...inputs])
  }
}

/** The one number that a scalar holds. Frees it. A synchronisation point with the device. */
export function takeNumber(tensor: Tensor | undefined): number {
  return takeNumbers(tensor)[0] as number
}

/** The numbers that a tensor holds. Frees it. A synchronisation point with the device. */
export function takeNumbers(tensor: Tensor | undefined): number[] {
  const values = [...(tensor?.dataSync() ?? [])]
  tensor?.dispose()
  return values
}

export async function countCorrect(program: TrainingProgram, batch: ImageBatch): Promise<number> {
  const [correct] = await runAndDispose(program.evaluationStep, uploadBatch(program.backend, batch))
  return takeNumber(correct)
}

/** Grey pictures of class 0, for compiling and for first steps. */
export function blankBatch(size: number): ImageBatch {
  return { images: new Uint8Array(size * 32 * 32 * 3).fill(128), labels: new Int32Array(size), size }
}

/** Compiles a step for one batch size, without running it. */
export function prepareStep(
  step: CompiledStep,
  inputs: readonly Tensor[],
  lasting: readonly Tensor[] = [],
): void {
  step.prepare(...inputs, ...lasting)
  dispose([...inputs])
}

/** Runs `change` and puts all variables back to what they were. */
export async function withStateRestored(
  { backend, state }: TrainingProgram,
  change: () => Promise<void>,
): Promise<void> {
  const restore = backend.snapshot(state)
  try {
    await change()
  } finally {
    restore()
  }
}
