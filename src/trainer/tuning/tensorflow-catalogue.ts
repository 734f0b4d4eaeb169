import { dispose, type Tensor, tensor, tidy, util } from '@tensorflow/tfjs-core'
import type { Precision } from '../../shared/domain/engines.js'
import type { CompiledStep } from '../backend.js'
import { type Convolution, outputSize } from '../kernels/convolution-geometry.js'
import type { ConvolutionUse } from '../kernels/lowering-choices.js'
import { reshape, slice } from '../kernels/tensorflow/array-operations.js'
import type { Lowering } from '../kernels/tensorflow/lowerings/lowering.js'
import { tensorflowLowerings } from '../kernels/tensorflow/lowerings/lowerings.js'
import { attribute } from '../runtime/attributes.js'
import { dtypes } from '../runtime/dtype.js'
import type { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import type { LoweringBench, LoweringCatalogue, PreparedLowering } from './lowering-catalogue.js'
import { variedNumbers } from './varied-numbers.js'

export interface TensorFlowSettings {
  precision: Precision
  intraOpThreads: number
  deviceKind: string
}

/**
 * TensorFlow's lowerings, each timed as a compiled function of its own with the settings of the training step:
 * threads, mixed precision, and whatever TensorFlow's optimiser makes of it. Where a step has several devices all of
 * them compute at once, as in the step: a lowering of many operations would otherwise have the others' threads too.
 */
export function createTensorFlowCatalogue(
  backend: TensorFlowBackend,
  { precision, intraOpThreads, deviceKind }: TensorFlowSettings,
): LoweringCatalogue {
  return {
    settings: [
      `TensorFlow ${backend.version}`,
      `${backend.devices.length} x ${deviceKind}, ${intraOpThreads} threads, ${precision}`,
      ...Object.entries(tensorflowLowerings).map(
        ([kernel, list]) => `${kernel}: ${list.map(({ name }) => name).join('; ')}`,
      ),
    ],
    names: ({ kernel, convolution }) =>
      (tensorflowLowerings[kernel] as readonly Lowering[])
        .filter((lowering) => lowering.applies(convolution))
        .filter(({ needsFloat32 = false }) => precision === 'fp32' || !needsFloat32)
        .map(({ name }) => name),
    open: (use) => openBench(backend, use),
  }
}

function openBench(backend: TensorFlowBackend, { kernel, convolution }: ConvolutionUse): LoweringBench {
  const [names, shapes] = inputsOf(kernel, convolution)
  const inputs = backend.devices.map((device) =>
    shapes.map((shape) => tensorOnDevice(backend, shape, device)),
  )
  return {
    prepare(name) {
      const lowering = (tensorflowLowerings[kernel] as readonly Lowering[]).find(
        (candidate) => candidate.name === name,
      )
      const compute = (...tensors: Tensor[]) => {
        const named = Object.fromEntries(names.map((input, index) => [input, tensors[index]]))
        return lowering?.compute(backend.kernels, named as never, convolution) as Tensor
      }
      return prepare(backend, compute, inputs)
    },
    dispose: () => dispose(inputs.flat()),
  }
}

/** `inputs` by device. */
function prepare(
  backend: TensorFlowBackend,
  compute: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[][],
): PreparedLowering {
  const perDevice = inputs[0]?.length ?? 0
  const step: CompiledStep = backend.compile(
    (...tensors) =>
      backend.devices.map((device, index) =>
        backend.withDevice(device, () =>
          firstNumber(backend, () => compute(...tensors.slice(index * perDevice, (index + 1) * perDevice))),
        ),
      ),
    { name: 'autotune', state: [] },
  )
  return {
    async run() {
      for (const first of await step.run(...inputs.flat())) {
        first.dataSync()
        first.dispose()
      }
    },
    dispose: () => step.dispose(),
  }
}

/** Reading one number waits for all of them, on every device, and copies none. */
function firstNumber(backend: TensorFlowBackend, compute: () => Tensor): Tensor {
  return tidy(() => {
    const result = compute()
    const flat = reshape(backend.kernels, result, [result.size])
    return slice(backend.kernels, flat, [0], [1])
  })
}

/** Numbers between -1 and 1, where the step's tensors are. */
function tensorOnDevice(backend: TensorFlowBackend, shape: number[], device: string): Tensor {
  return tidy(() => {
    const values = tensor(variedNumbers(util.sizeFromShape(shape)), shape)
    return backend.withDevice(device, () =>
      backend.kernels.executeSingleOutput('Identity', [attribute.type('T', dtypes.float32)], [values]),
    )
  })
}

/** What a kernel takes: names, and shapes in the same order. */
function inputsOf(
  kernel: ConvolutionUse['kernel'],
  convolution: Convolution,
): [names: string[], shapes: [number, number, number, number][]] {
  const { batch, height, width, channels, filterHeight, filterWidth, filters } = convolution
  const x: [number, number, number, number] = [batch, height, width, channels]
  const filter: [number, number, number, number] = [filterHeight, filterWidth, channels, filters]
  const dy: [number, number, number, number] = [batch, ...outputSize(convolution), filters]
  switch (kernel) {
    case 'PaddedConv2D':
      return [
        ['x', 'filter'],
        [x, filter],
      ]
    case 'PaddedConv2DBackpropInput':
      return [
        ['dy', 'filter'],
        [dy, filter],
      ]
    case 'PaddedConv2DBackpropFilter':
      return [
        ['x', 'dy'],
        [x, dy],
      ]
  }
}
