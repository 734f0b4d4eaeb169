import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random.js'
import {
  type Augmentation,
  chooseAugmentation,
  cropPadding,
  writeAugmented,
  writePlain,
} from './augmentation.js'
import { imageBytes, imageChannels, imageSide } from './cifar10.js'

const random = new RandomStream(1, 0)
const pictures = Uint8Array.from({ length: 3 * imageBytes }, () => 1 + random.below(255))

/** RandomCrop(32, padding=4), then RandomHorizontalFlip, pixel by pixel as their documentation says it. */
function reference(picture: Uint8Array, { top, left, flip }: Augmentation): Uint8Array {
  const result = new Uint8Array(imageBytes)
  for (let row = 0; row < imageSide; row++) {
    for (let column = 0; column < imageSide; column++) {
      const sourceRow = row + top
      const sourceColumn = (flip ? imageSide - 1 - column : column) + left
      const isPadding = [sourceRow, sourceColumn].some((place) => place < 0 || place >= imageSide)
      if (isPadding) continue
      for (let channel = 0; channel < imageChannels; channel++) {
        const from = (sourceRow * imageSide + sourceColumn) * imageChannels + channel
        result[(row * imageSide + column) * imageChannels + channel] = picture[from] as number
      }
    }
  }
  return result
}

describe('writeAugmented', () => {
  it('agrees with the definition for every crop, flipped or not, and leaves the neighbours alone', () => {
    const picture = pictures.subarray(imageBytes, 2 * imageBytes)
    for (let top = -cropPadding; top <= cropPadding; top++) {
      for (let left = -cropPadding; left <= cropPadding; left++) {
        for (const flip of [false, true]) {
          const target = new Uint8Array(3 * imageBytes).fill(77)
          writeAugmented(pictures, 1, target, 1, { top, left, flip })
          const expected = new Uint8Array(3 * imageBytes).fill(77)
          expected.set(reference(picture, { top, left, flip }), imageBytes)
          expect(Buffer.compare(target, expected), `top ${top}, left ${left}, flip ${flip}`).toBe(0)
        }
      }
    }
  })
})

describe('writePlain', () => {
  it('copies a picture to its place', () => {
    const target = new Uint8Array(2 * imageBytes)
    writePlain(pictures, 2, target, 1)
    const expected = new Uint8Array(2 * imageBytes)
    expected.set(pictures.subarray(2 * imageBytes), imageBytes)
    expect(Buffer.compare(target, expected)).toBe(0)
  })
})

describe('chooseAugmentation', () => {
  const choices = Array.from({ length: 16_200 }, (_, sample) => chooseAugmentation(0, 3, sample))

  it('depends on seed, epoch and sample, and on nothing else', () => {
    const first20 = (seed: number, epoch: number) =>
      Array.from({ length: 20 }, (_, sample) => chooseAugmentation(seed, epoch, sample))
    expect(first20(0, 3)).toEqual(choices.slice(0, 20))
    expect(first20(0, 4)).not.toEqual(choices.slice(0, 20))
    expect(first20(1, 3)).not.toEqual(choices.slice(0, 20))
  })

  it('gives each of the 81 crops, flipped and not, its share', () => {
    const counts = new Map<string, number>()
    for (const { top, left, flip } of choices) {
      const choice = `${top} ${left} ${flip}`
      counts.set(choice, (counts.get(choice) ?? 0) + 1)
    }
    expect(counts.size).toBe(162)
    const expected = choices.length / 162
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 161 degrees of freedom: mean 161, standard deviation 17.9.
    expect(chiSquare).toBeLessThan(251)
    expect(Math.max(...choices.map(({ top }) => top))).toBe(cropPadding)
    expect(Math.min(...choices.map(({ left }) => left))).toBe(-cropPadding)
  })
})
