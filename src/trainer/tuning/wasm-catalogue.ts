import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend as currentBackend, dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { outputSize } from '../kernels/convolution-geometry.js'
import type { ConvolutionUse } from '../kernels/lowering-choices.js'
import { forgetPacked, release } from '../kernels/wasm/heap.js'
import { applicableLowerings, wasmLowerings } from '../kernels/wasm/lowerings.js'
import type { LoweringCatalogue } from './lowering-catalogue.js'
import { variedNumbers } from './varied-numbers.js'

/** The wasm backend's lowerings. It is the current backend of tfjs. */
export function createWasmCatalogue(version: string): LoweringCatalogue {
  return {
    settings: [
      `tfjs-backend-wasm ${version}`,
      `Node ${process.versions.node}`,
      ...Object.entries(wasmLowerings).map(
        ([kernel, list]) => `${kernel}: ${list.map(({ name }) => name).join('; ')}`,
      ),
    ],
    names: ({ kernel, convolution }) => applicableLowerings(kernel, convolution).map(({ name }) => name),
    open(use) {
      const backend = currentBackend() as BackendWasm
      const [first, second] = inputsOf(use)
      return {
        prepare(name) {
          const { kernel, convolution } = use
          const lowering = applicableLowerings(kernel, convolution).find((one) => one.name === name)
          return {
            async run() {
              // What is packed once and remembered would be packed anew in every training step.
              for (const input of [first, second]) forgetPacked(backend, input)
              const result = lowering?.compute(backend, first, second, convolution)
              if (result !== undefined) release(backend, result)
            },
            dispose() {},
          }
        },
        dispose: () => dispose([first, second]),
      }
    },
  }
}

function inputsOf({ kernel, convolution }: ConvolutionUse): [Tensor, Tensor] {
  const { batch, height, width, channels, filterHeight, filterWidth, filters } = convolution
  const x = [batch, height, width, channels]
  const filter = [filterHeight, filterWidth, channels, filters]
  const dy = [batch, ...outputSize(convolution), filters]
  const make = (shape: number[]) =>
    tensor(variedNumbers(shape.reduce((product, length) => product * length)), shape)
  switch (kernel) {
    case 'PaddedConv2D':
      return [make(x), make(filter)]
    case 'PaddedConv2DBackpropInput':
      return [make(dy), make(filter)]
    case 'PaddedConv2DBackpropFilter':
      return [make(x), make(dy)]
  }
}
