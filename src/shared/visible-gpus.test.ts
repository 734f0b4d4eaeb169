import { describe, expect, it } from 'vitest'
import { visibleGpus } from './visible-gpus.js'

describe('visibleGpus', () => {
  const gpus = [
    { index: 1, uuid: 'GPU-bbbb2222' },
    { index: 0, uuid: 'GPU-aaaa1111' },
  ]

  it.each<[string | undefined, number[]]>([
    [undefined, [0, 1]],
    ['', []],
    ['1', [1]],
    ['1,0', [0, 1]],
    ['0,-1,1', [0]],
    ['7', []],
    ['GPU-bbbb', [1]],
  ])('CUDA_VISIBLE_DEVICES=%s shows %j', (setting, indexes) => {
    expect(visibleGpus(gpus, setting).map((gpu) => gpu.index)).toEqual(indexes)
  })
})
