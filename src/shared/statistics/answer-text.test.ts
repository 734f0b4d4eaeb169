import { describe, expect, it } from 'vitest'
import type { Answer, Comparison } from './answer.js'
import { answerHeadline, answerSentence } from './answer-text.js'
import { efficiencyOf } from './efficiency.js'
import type { SpeedupEstimate } from './speedup-estimate.js'
import type { Verdict } from './verdict.js'

const estimate = (speedup: number, low: number, high: number, pValue = 0.001): SpeedupEstimate => ({
  speedup,
  low,
  high,
  blocks: 5,
  pValue,
  standardError: 0.01,
  degreesOfFreedom: 4,
})

const oneBlock: SpeedupEstimate = {
  speedup: 1.71,
  low: null,
  high: null,
  blocks: 1,
  pValue: null,
  standardError: null,
  degreesOfFreedom: null,
}

function compared(
  kind: Verdict['kind'],
  speedup: SpeedupEstimate,
  { devices = 2, ...changes }: Partial<Verdict> & { devices?: number; blocksFixedBeforehand?: boolean } = {},
): Comparison {
  const { blocksFixedBeforehand = true, ...verdict } = changes
  return {
    kind: 'compared',
    estimate: speedup,
    verdict: { kind, withinMargin: kind === 'same', adjustedPValue: 0.001, comparisons: 2, ...verdict },
    efficiency: efficiencyOf(speedup, devices),
    blocksFixedBeforehand,
  }
}

function answer(comparison: Comparison, changes: Partial<Answer> = {}): Answer {
  return {
    title: 'DDP',
    baseTitle: 'Single',
    devices: { kind: 'gpu', count: 2 },
    imagesPerSecond: 1046.5,
    baseImagesPerSecond: 612,
    scaling: 'strong',
    perDeviceBatchSize: 128,
    globalBatchSize: 256,
    unit: 'image',
    comparison,
    ...changes,
  }
}

const faster = compared('faster', estimate(1.71, 1.66, 1.76))
const rest = 'base 612 images/s; 5 blocks; fixed global batch 256; data on the clock'

describe('the answer in a sentence', () => {
  it.each<[string, string, Comparison]>([
    ['faster', `DDP on 2 GPUs trains 1.71x faster (95 % 1.66 to 1.76), 86 % efficiency; ${rest}`, faster],
    [
      'slower',
      `DDP on 2 GPUs trains slower than Single, 0.84x as fast (95 % 0.80 to 0.88), 42 % efficiency; ${rest}`,
      compared('slower', estimate(0.84, 0.8, 0.88)),
    ],
    [
      'the same',
      `DDP on 2 GPUs trains as fast as Single, 1.00x (95 % 0.99 to 1.01, within the 2 % that counts as no difference), 50 % efficiency; ${rest}`,
      compared('same', estimate(1, 0.99, 1.01)),
    ],
    [
      'undecided',
      `whether DDP on 2 GPUs trains faster or slower than Single is not decided in five blocks, 1.04x (95 % 0.97 to 1.12), 52 % efficiency; ${rest}`,
      compared('undecided', estimate(1.04, 0.97, 1.12, 0.2), { adjustedPValue: 0.4 }),
    ],
    [
      'not comparable',
      'DDP on 2 GPUs is not comparable with Single: it ran on wasm, Single on tensorflow; its own 1,047 images/s; base 612 images/s; fixed global batch 256; data on the clock',
      { kind: 'not-comparable', reason: 'it ran on wasm, Single on tensorflow' },
    ],
    [
      'one repeat',
      'DDP on 2 GPUs made 1.71x the images/s of Single in one repeat, which may be chance: no interval, no verdict, 86 % efficiency; base 612 images/s; 1 block; fixed global batch 256; data on the clock',
      compared('one-repeat', oneBlock, { adjustedPValue: null }),
    ],
  ])('where it is %s: %s', (_, sentence, comparison) => {
    expect(answerSentence(answer(comparison))).toBe(sentence)
  })

  it('says that CPU devices are not GPUs', () => {
    const cpu = answerSentence(answer(faster, { devices: { kind: 'cpu', count: 2 } }))
    expect(cpu).toMatch(/^DDP on 2 CPU devices trains 1\.71x faster /)
    expect(cpu).toMatch(/; CPU devices are shares of one processor, not GPUs$/)
    const allCores = { title: 'Single (all cores)', devices: { kind: 'core' as const, count: 8 } }
    expect(answerSentence(answer(faster, allCores))).toMatch(
      /^Single \(all cores\) on 8 cores trains .*not GPUs$/,
    )
  })

  it('names both batches of weak scaling', () => {
    const batches = { scaling: 'weak' as const, perDeviceBatchSize: 512, globalBatchSize: 1024 }
    expect(answerSentence(answer(faster, batches))).toContain(
      '; weak scaling: fixed batch 512 per device, 1,024 in all; ',
    )
  })

  it('says where the number of blocks was not fixed beforehand', () => {
    const stopped = compared('faster', estimate(1.71, 1.66, 1.76), { blocksFixedBeforehand: false })
    expect(answerSentence(answer(stopped))).toContain(
      '; 5 blocks, repeated until the interval was narrow enough; ',
    )
  })

  it('explains an interval that excludes 1 where several comparisons leave it undecided', () => {
    const comparison = compared('undecided', estimate(1.04, 1.01, 1.07, 0.03), {
      adjustedPValue: 0.09,
      comparisons: 3,
    })
    expect(answerSentence(answer(comparison))).toContain(
      '(95 % 1.01 to 1.07, which excludes 1 only until it is corrected for comparing 3 strategies, p = 0.09)',
    )
  })

  it('does not make much of a difference too small to matter, and shows that it excludes 1', () => {
    const comparison = compared('faster', estimate(1.0055, 1.004, 1.007), { withinMargin: true })
    expect(answerSentence(answer(comparison))).toContain(
      'trains 1.006x faster (95 % 1.004 to 1.007, but by less than the 2 % that matters)',
    )
  })

  it.each([
    [estimate(2.08, 2.01, 2.16), '104 % efficiency, above 100 %: more than the devices explain;'],
    [estimate(2.08, 1.9, 2.3), '104 % efficiency, above 100 %: treat with care;'],
  ])('flags an efficiency above 100 %%, %#', (speedup, flag) => {
    expect(answerSentence(answer(compared('faster', speedup)))).toContain(flag)
  })
})

describe('the headline', () => {
  it.each<[string, Comparison]>([
    ['1.71x faster', faster],
    ['slower, 0.84x as fast', compared('slower', estimate(0.84, 0.8, 0.88))],
    ['as fast as Single', compared('same', estimate(1, 0.99, 1.01))],
    ['not decided in five blocks', compared('undecided', estimate(1.04, 0.97, 1.12))],
    ['1.71x in one repeat', compared('one-repeat', oneBlock)],
    ['not comparable', { kind: 'not-comparable', reason: 'other precision' }],
  ])('%s', (headline, comparison) => {
    expect(answerHeadline(answer(comparison))).toBe(headline)
  })
})
