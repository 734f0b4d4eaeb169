import { tensor, tidy } from '@tensorflow/tfjs-core'
import { classCount, imageBytes } from '../../shared/data/cifar10.js'
import { hash4 } from '../../shared/random.js'
import type { Classifier, NamedVariable } from '../model/classifier.js'

/*
 * The weights, pictures and labels of the golden values, by the formula that bench/peers/golden.py describes.
 * Both languages compute it exactly, so nothing but this file and that one has to be kept in step.
 */
const SEED = 20_260_101
const FIRST_BUFFER_STREAM = 1_000
const PIXEL_STREAM = 2_000
const LABEL_STREAM = 2_001

/** Overwrites all parameters and running statistics. */
export function assignGoldenWeights(model: Classifier): void {
  for (const [stream, named] of model.parameters.entries()) {
    assign(named, stream, parameterRange(named.name, named.variable.shape))
  }
  for (const [index, named] of model.buffers.entries()) {
    const range = named.name.endsWith('running_var') ? { centre: 1, spread: 0.2 } : { centre: 0, spread: 0.1 }
    assign(named, FIRST_BUFFER_STREAM + index, range)
  }
}

/** uint8 pixels [batchSize, 32, 32, 3] and their classes. */
export function goldenBatch(batchSize: number): { images: Uint8Array; labels: Int32Array } {
  const draw = (stream: number, index: number) => hash4(SEED, stream, index, 0)[0]
  return {
    images: Uint8Array.from(
      { length: batchSize * imageBytes },
      (_, index) => draw(PIXEL_STREAM, index) % 256,
    ),
    labels: Int32Array.from({ length: batchSize }, (_, index) => draw(LABEL_STREAM, index) % classCount),
  }
}

interface Range {
  centre: number
  spread: number
}

function parameterRange(name: string, shape: number[]): Range {
  const [height, width, , filters] = shape
  if (shape.length === 4) {
    const positions = (height as number) * (width as number) * (filters as number)
    return { centre: 0, spread: Math.sqrt(6 / positions) }
  }
  if (name.startsWith('fc.')) return { centre: 0, spread: 1 / Math.sqrt(512) }
  return name.endsWith('.weight') ? { centre: 1, spread: 0.2 } : { centre: 0, spread: 0.1 }
}

function assign({ variable }: NamedVariable, stream: number, { centre, spread }: Range): void {
  const values = Float32Array.from({ length: variable.size }, (_, index) => {
    const uniform = hash4(SEED, stream, index, 0)[0] / 2 ** 32
    return centre + spread * (2 * uniform - 1)
  })
  tidy(() => variable.assign(tensor(values, variable.shape)))
}
