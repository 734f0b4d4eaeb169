import {
  broadcast_util,
  broadcastTo,
  clone,
  type GradConfig,
  matMul,
  mul,
  reshape,
  split,
  sum,
  type Tensor,
  util,
} from '@tensorflow/tfjs-core'

/**
 * Gradients of the tfjs kernels that models, losses and strategies are built of. tfjs-core keeps its own in
 * files that Node cannot load beside its CommonJS build, and those of Mean and Sum multiply by a tensor of
 * ones as large as the input, which a traced step would carry as a constant.
 */
export const tfjsGradients: GradConfig[] = [
  { kernelName: 'Identity', gradFunc: (dy) => ({ x: () => clone(dy as Tensor) }) },
  {
    kernelName: 'Reshape',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => reshape(dy as Tensor, shapeOf(x)) }),
  },
  {
    kernelName: 'Add',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(dy as Tensor, shapeOf(a)),
      b: () => sumToShape(dy as Tensor, shapeOf(b)),
    }),
  },
  {
    kernelName: 'Multiply',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [Tensor, Tensor]
      return {
        a: () => sumToShape(mul(dy as Tensor, b), a.shape),
        b: () => sumToShape(mul(dy as Tensor, a), b.shape),
      }
    },
  },
  {
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => matMulGradient(dy as Tensor, saved, attributes),
  },
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({ x: () => spread(dy as Tensor, shapeOf(x), axis) }),
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => {
        const averaged = util.sizeFromShape(shapeOf(x)) / (dy as Tensor).size
        return spread(mul(dy as Tensor, 1 / averaged), shapeOf(x), axis)
      },
    }),
  },
  {
    kernelName: 'Concat',
    // The engine saves all inputs of a list when told to; their names are positions.
    saveAllInputs: true,
    gradFunc: (dy, saved, { axis }) => {
      const [dimension] = util.parseAxisParam(axis as number, shapeOf(saved[0])) as [number]
      const sizes = saved.map((input) => input.shape[dimension] as number)
      const parts = split(dy as Tensor, sizes, dimension)
      return Object.fromEntries(parts.map((part, position) => [position, () => part]))
    },
  },
]

function matMulGradient(
  dy: Tensor,
  saved: Tensor[],
  { transposeA, transposeB }: { transposeA?: unknown; transposeB?: unknown },
): ReturnType<GradConfig['gradFunc']> {
  const [a, b] = saved as [Tensor, Tensor]
  const flippedA = transposeA === true
  const flippedB = transposeB === true
  return {
    a: () => (flippedA ? matMul(b, dy, flippedB, true) : matMul(dy, b, false, !flippedB)),
    b: () => (flippedB ? matMul(dy, a, true, flippedA) : matMul(a, dy, !flippedA, false)),
  }
}

/** The gradient of a broadcast: summed over the dimensions that were stretched to reach `dy`'s shape. */
function sumToShape(dy: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, dy.shape)
  return reshape(axes.length > 0 ? sum(dy, axes) : dy, shape)
}

/** The gradient of a sum over `axis`: `dy` copied along the dimensions that were summed. */
function spread(dy: Tensor, shape: number[], axis: unknown): Tensor {
  const axes = util.parseAxisParam(axis as number | number[], shape)
  const kept = shape.map((size, dimension) => (axes.includes(dimension) ? 1 : size))
  return broadcastTo(reshape(dy, kept), shape)
}

function shapeOf(tensor: Tensor | undefined): number[] {
  return (tensor as Tensor).shape
}
