import { allocate, floats, integers } from './heap.js'
import { wasmKernel } from './kernel.js'

/** The largest logit is subtracted before exponentiation, so that large logits do not overflow. */
export const softmaxCrossEntropyKernel = wasmKernel(
  'SparseSoftmaxCrossEntropy',
  (backend, { logits, labels }) => {
    const [batch, classes] = logits.shape as [number, number]
    const loss = allocate(backend, [batch])
    const dlogits = allocate(backend, [batch, classes])
    const values = floats(backend, logits)
    const classOf = integers(backend, labels)
    const losses = floats(backend, loss)
    const gradient = floats(backend, dlogits)
    for (let image = 0; image < batch; image++) {
      const row = values.subarray(image * classes, (image + 1) * classes)
      const label = classOf[image] as number
      const largest = row.reduce((left, right) => Math.max(left, right))
      const exponentials = Float64Array.from(row, (value) => Math.exp(value - largest))
      const total = exponentials.reduce((left, right) => left + right)
      // A label outside 0 .. classes - 1 makes the loss NaN, as TensorFlow's kernel does.
      losses[image] = Math.log(total) + largest - (row[label] ?? Number.NaN)
      for (let index = 0; index < classes; index++) {
        const probability = (exponentials[index] as number) / total
        gradient[image * classes + index] = probability - (index === label ? 1 : 0)
      }
    }
    return [loss, dlogits]
  },
)
