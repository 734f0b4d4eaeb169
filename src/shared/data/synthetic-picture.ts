import { hash4 } from '../random.js'
import { classCount, type DataSplit, imageBytes, imageChannels, imageSide } from './cifar10.js'

/** Keeps these random numbers apart from those of other purposes under the same seed. */
const purpose = { train: 0x5d_00_01, test: 0x5d_00_02 } as const

/** The same pictures whatever the run's seed: seeds vary the training, not the data. */
export const syntheticSeed = 10

/** One period of a sine of amplitude 60. */
const sine = Int16Array.from({ length: 256 }, (_, step) =>
  Math.round(60 * Math.sin((2 * Math.PI * step) / 256)),
)

/**
 * Draws picture `sample` of the synthetic data set as number `to` of `pixels`, [N, 32, 32, 3]; returns its class. Each
 * class is a grating of its own direction, pitch and colours, each picture a random phase of it under noise as strong as
 * the grating. Sample i is of class i mod 10.
 */
export function drawSynthetic(
  pixels: Uint8ClampedArray,
  to: number,
  { seed, split, sample }: { seed: number; split: DataSplit; sample: number },
): number {
  const label = sample % classCount
  const [phase, noise] = hash4(seed, purpose[split], sample, 0)
  drawGrating(pixels, to * imageBytes, label, phase, noise)
  return label
}

function drawGrating(
  pixels: Uint8ClampedArray,
  offset: number,
  label: number,
  phase: number,
  noise: number,
): void {
  const angle = (Math.PI * label) / classCount
  const stepsPerPixel = 24 + 8 * (label % 3)
  const stepX = Math.round(stepsPerPixel * Math.cos(angle))
  const stepY = Math.round(stepsPerPixel * Math.sin(angle))
  let state = noise | 1
  let target = offset
  for (let y = 0; y < imageSide; y++) {
    for (let x = 0; x < imageSide; x++) {
      // Marsaglia's xorshift32, 2003: one state serves the three channels of a pixel, a byte each.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const step = x * stepX + y * stepY + phase
      for (let channel = 0; channel < imageChannels; channel++) {
        const colour = sine[(step + channel * label * 13) & 255] as number
        const disturbance = ((state >>> (channel * 8)) & 127) - 64
        pixels[target++] = 128 + colour + disturbance
      }
    }
  }
}
