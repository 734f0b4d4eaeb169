import { matMul, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import type { Precision } from '../../../src/shared/domain/engines.js'
import { RandomStream } from '../../../src/shared/random.js'
import { median } from '../../../src/shared/statistics/quantiles.js'
import { createOneCoreBackend } from './one-core.js'

/*
 * How fast one core multiplies matrices: LIBRARY_DIR PRECISION. Products of 2048 x 2048, four after each other in one
 * compiled call, so that conversions to bfloat16 and back are a small part. Prints the median over calls as JSON.
 */

const size = 2048
const products = 4
const calls = 6
const untimedCalls = 2

const [libraryDir = '', precision = 'fp32'] = process.argv.slice(2)
const backend = await createOneCoreBackend(libraryDir, precision as Precision)
const random = new RandomStream(0, 0)
// A product of such matrices has entries of the same size again, whatever the number of products.
const spread = Math.sqrt(12 / size)
const matrix = tensor2d(
  Float32Array.from({ length: size * size }, () => spread * (random.uniform() - 0.5)),
  [size, size],
)
const step = backend.compile(
  (factor) => {
    let product = factor as Tensor
    for (let count = 0; count < products; count++) product = matMul(product as never, factor as never)
    return [product]
  },
  { name: 'matmul', state: [] },
)
const seconds: number[] = []
for (let call = -untimedCalls; call < calls; call++) {
  const startedAt = performance.now()
  const [product] = await step.run(matrix)
  if (call >= 0) seconds.push((performance.now() - startedAt) / 1000)
  product?.dispose()
}
matrix.dispose()
backend.dispose()
console.log(JSON.stringify({ flopsPerSecond: (products * 2 * size ** 3) / (median(seconds) as number) }))
