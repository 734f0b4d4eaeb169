import { concat, mul, type Scalar, sum, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { Arrival } from '../backend.js'
import type { ImageBatch } from '../data/loader.js'
import { cifar10Normalisation } from '../data/normalisation.js'
import { decodeImages, softmaxCrossEntropy } from '../kernels/ops.js'
import { scaledGradients } from '../model/training-step.js'
import { dataParallelPhases } from './data-parallel-phases.js'
import { createOneProcessStrategy, oneCallStep } from './one-process-strategy.js'
import type { TrainingStrategy } from './strategy.js'
import type { TrainingProgram } from './training-program.js'

/** How a batch is scattered: sizes of the devices' shares, by ceiling as `torch.chunk`; the last may be smaller. */
export function chunkSizes(batchSize: number, devices: number): number[] {
  const chunk = Math.ceil(batchSize / devices)
  const sizes: number[] = []
  for (let left = batchSize; left > 0; left -= chunk) sizes.push(Math.min(chunk, left))
  return sizes
}

/**
 * DataParallel, the method of `torch.nn.DataParallel`: every step scatters the batch, replicates the weights
 * from the first device, runs forward and backward on all devices at once, gathers the outputs, takes the
 * loss on the first device, reduces the gradients to it and updates there. As in torch, only the first
 * replica's batch-norm statistics are kept.
 *
 * The whole step is one traced function. Replicas read the same variables, so TensorFlow copies each weight to
 * the device that needs it (replicate), and tfjs's autodiff adds up the replicas' gradients on the first
 * device (reduce).
 */
export function createDataParallel(program: TrainingProgram): TrainingStrategy {
  const { backend, model, optimizer, lossScale } = program
  const master = backend.devices[0] as string

  function scatter(batch: ImageBatch): Tensor[] {
    let begin = 0
    const shares = chunkSizes(batch.size, backend.devices.length).map((size) => {
      const bytesPerImage = batch.images.length / batch.size
      const bytes = batch.images.subarray(begin * bytesPerImage, (begin + size) * bytesPerImage)
      begin += size
      return backend.uploadImages(bytes, size)
    })
    return [...shares, tensor1d(batch.labels, 'int32')]
  }

  function forwardOnAllDevices(shares: readonly Tensor[]): Tensor[] {
    return shares.map((share, replica) =>
      backend.withDevice(backend.devices[replica] as string, () =>
        model.forward(decodeImages(share, cifar10Normalisation), {
          training: true,
          updateStatistics: replica === 0,
        }),
      ),
    )
  }

  function step(...inputs: Tensor[]): Tensor[] {
    const shares = inputs.slice(0, -2)
    const [labels, learningRate] = inputs.slice(-2) as [Tensor, Tensor]
    const parameters = model.parameters.map(({ variable }) => variable)
    const clock = backend.phaseClock()
    const onOwnDevices = (tensors: readonly Tensor[]): Arrival[] =>
      tensors.map((tensor, replica) => ({ tensor, device: backend.devices[replica] as string }))
    const onMaster = (tensors: readonly Tensor[]) => tensors.map((tensor) => ({ tensor, device: master }))
    return backend.withDevice(master, () => {
      clock?.endsWith(onOwnDevices(shares))
      clock?.endsWith(parameters.flatMap((parameter) => onOwnDevices(shares.map(() => parameter))))
      const held = clock?.holdBack(onOwnDevices(shares)) ?? shares
      const meanLoss = () => {
        const outputs = forwardOnAllDevices(held)
        clock?.endsWith(onOwnDevices(outputs))
        const logits = concat(outputs)
        clock?.endsWith(onMaster([logits]))
        const losses = softmaxCrossEntropy(logits, labels)
        return mul(sum(losses), 1 / losses.size) as Scalar
      }
      const { loss, grads } = scaledGradients(meanLoss, parameters, lossScale)
      const gradients = parameters.map(({ name }) => grads[name] as Tensor)
      clock?.endsWithAddends()
      clock?.endsWith(onMaster(gradients))
      optimizer.apply(gradients, learningRate)
      clock?.endsWithUpdates()
      return clock === null ? [loss] : [loss, clock.ends()]
    })
  }

  const phasedStep = oneCallStep(program, 'data-parallel', step, scatter, dataParallelPhases)
  return createOneProcessStrategy(program, phasedStep)
}
