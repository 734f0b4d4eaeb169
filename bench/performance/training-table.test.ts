import { describe, expect, it } from 'vitest'
import type { BlockResult } from './results.js'
import { trainingRowsOf } from './training-table.js'

const measure = async () => ({})
const group = {
  id: 'fp32 cifar',
  repeats: 2,
  cases: ['peak', 'tandem-single'].map((id) => ({ id, title: id, cores: [], measure })),
}
const block = (index: number, imagesPerSecond: number): BlockResult => ({
  group: 'fp32 cifar',
  index,
  order: [],
  samples: {
    peak: { flopsPerSecondPerDevice: 110e9 },
    'tandem-single': {
      imagesPerSecond,
      stepMs: 1000,
      flopsPerSecondPerDevice: imagesPerSecond * 3.3e9,
      peakMemoryBytes: 2 ** 30,
    },
  },
  failures: {},
})

describe('the table of training', () => {
  it('has medians over blocks, with the share of the peak', () => {
    expect(trainingRowsOf([group], [block(0, 29), block(1, 31)])).toEqual([
      ['fp32 cifar', 'peak', '', '', '110.0', '100 %', ''],
      ['fp32 cifar', 'tandem-single', '30.0', '1000.0', '99.0', '90 %', '1.0 GiB'],
    ])
  })

  it('leaves out what was not measured', () => {
    expect(trainingRowsOf([group], [])).toEqual([])
  })
})
