import { add, matMul, mul, type Tensor, tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import { type CheckFinding, fail, pass, skipped } from '../../shared/doctor/doctor-report.js'
import { formatList, formatQuantity } from '../../shared/text/format.js'
import type { Backend } from '../backend.js'
import { conv2d } from '../kernels/ops.js'
import { referenceConvolution, referenceProduct, wholeNumbers } from './reference.js'

const [rows, inner, columns] = [96, 64, 48]
const [height, channels, filters] = [12, 8, 16]

/**
 * A matrix product and a convolution on every device, held against this processor's own arithmetic. Small whole numbers
 * are exact in every precision that engines compute in, so not one bit may differ.
 */
export async function checkOperations(backend: Backend): Promise<CheckFinding> {
  const left = wholeNumbers(rows * inner, 1)
  const right = wholeNumbers(inner * columns, 2)
  const image = wholeNumbers(height * height * channels, 3)
  const filter = wholeNumbers(9 * channels * filters, 4)
  const product = referenceProduct(left, right, { rows, inner, columns })
  const convolved = referenceConvolution(image, filter, { height, channels, filters })
  const wrong: string[] = []
  for (const device of backend.devices) {
    const computed = await runOnce(
      backend,
      (a, b, x, w) =>
        backend.withDevice(device, () => [
          matMul(a as Tensor, b as Tensor),
          conv2d(x as Tensor, w as Tensor, { strides: 1, padding: 1 }),
        ]),
      [
        tensor2d(left, [rows, inner]),
        tensor2d(right, [inner, columns]),
        tensor4d(image, [1, height, height, channels]),
        tensor4d(filter, [3, 3, channels, filters]),
      ],
    )
    for (const [index, expected] of [product, convolved].entries()) {
      const off = countDifferent(expected, computed[index] ?? new Float32Array())
      const what = index === 0 ? 'matrix product' : 'convolution'
      if (off > 0) wrong.push(`${shortName(device)}: ${off} of ${expected.length} values of the ${what}`)
    }
  }
  if (wrong.length === 0) {
    return pass(`${formatQuantity(backend.devices.length, 'device')}, each bit as the processor computes it`)
  }
  return fail(
    `wrong results on ${formatList(wrong)}`,
    'Do not train on this device. Update its driver; if that does not help, its memory or its board is faulty.',
  )
}

/** Elements of a copy: as many as a layer's gradients. */
const copied = 2 ** 20

/**
 * Values made on one device and used on another, for each pair in both directions. Some boards copy zeros between GPUs
 * where an IOMMU stands in the way, and say that all went well.
 */
export async function checkPeerCopies(backend: Backend): Promise<CheckFinding> {
  const { devices } = backend
  if (devices.length < 2) return skipped('one device has no peer')
  const values = wholeNumbers(copied, 5)
  const wrong: string[] = []
  for (const from of devices) {
    for (const to of devices) {
      if (from === to) continue
      const [arrived = new Float32Array()] = await runOnce(
        backend,
        (input) => {
          const made = backend.withDevice(from, () => mul(input as Tensor, 2))
          return [backend.withDevice(to, () => add(made, 1))]
        },
        [tensor2d(values, [1024, 1024])],
      )
      const problem = whatArrived(values, arrived)
      if (problem !== null) wrong.push(`${shortName(from)} to ${shortName(to)}: ${problem}`)
    }
  }
  const pairs = formatQuantity(devices.length * (devices.length - 1), 'copy', 'copies')
  if (wrong.length === 0) return pass(`${pairs} of 4.0 MiB, every value as it was sent`)
  return fail(
    formatList(wrong),
    'Switch the IOMMU and PCIe access control (ACS) off in the firmware, or set NCCL_P2P_DISABLE=1 for PyTorch. Until then use one GPU.',
  )
}

function whatArrived(sent: Float32Array, arrived: Float32Array): string | null {
  const off = countDifferent(
    sent.map((value) => 2 * value + 1),
    arrived,
  )
  if (off === 0) return null
  return arrived.every((value) => value === 1) ? 'zeros arrive' : `${off} of ${sent.length} values are wrong`
}

async function runOnce(
  backend: Backend,
  step: (...inputs: Tensor[]) => Tensor[],
  inputs: Tensor[],
): Promise<Float32Array[]> {
  const compiled = backend.compile(step, { name: 'doctor', state: [] })
  try {
    const outputs = await compiled.run(...inputs)
    const values = await Promise.all(outputs.map((output) => output.data<'float32'>()))
    for (const output of outputs) output.dispose()
    return values.map((value) => Float32Array.from(value))
  } finally {
    compiled.dispose()
    for (const input of inputs) input.dispose()
  }
}

function countDifferent(expected: Float32Array, actual: Float32Array): number {
  let different = Math.abs(expected.length - actual.length)
  expected.forEach((value, index) => {
    if (actual[index] !== value) different++
  })
  return different
}

/** `/job:localhost/replica:0/task:0/device:CPU:0` as people know it. */
function shortName(device: string): string {
  return device.replace(/^.*device:/, '')
}
