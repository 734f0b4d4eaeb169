import { describe, expect, it } from 'vitest'
import { hiddenGpus, visibleGpus } from './visible-gpus.js'

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
    // Checked against driver 525.60 by pytorch/pytorch#92315: numbers as strtoul reads them, none where one comes twice.
    ['0;1', [0]],
    ['1gpu2,0ampere', [0, 1]],
    [' +1 , -0', [0, 1]],
    ['0,1,0', []],
    ['GPU-bbbb2222,GPU-bbbb', []],
    ['one,0', []],
    ['0,one', [0]],
    ['none', []],
    ['NoDevFiles', []],
    ['MIG-aaaa1111', []],
    ['gpu-BBBB', [1]],
    // Begins the UUID of both.
    ['GPU-', []],
    ['0,-1,1', [0]],
    ['7', []],
    ['GPU-bbbb', [1]],
    ['GPU-bbbb2222,GPU-aaaa1111', [0, 1]],
    // Numbers and UUIDs do not mix: pytorch/pytorch's own test of its parser has this.
    ['GPU-bbbb,0', [1]],
    ['1,GPU-aaaa', [1]],
    ['GPU-bbbb,MIG-1', [1]],
    ['0,', [0]],
    [',0', []],
    [' ', []],
    ['0,7,1', [0]],
    ['-1', []],
    ['99999999999999999999', []],
    ['0 1', [0]],
    ['0x1', [0]],
    ['"0"', []],
    ['all', []],
    ['void', []],
    ['GPU-cccc,GPU-aaaa', []],
  ])('CUDA_VISIBLE_DEVICES=%s shows %j', (setting, indexes) => {
    expect(visibleGpus(gpus, setting).map((gpu) => gpu.index)).toEqual(indexes)
  })
})

describe('hiddenGpus', () => {
  const gpus = [
    { index: 0, uuid: 'GPU-aaaa1111' },
    { index: 1, uuid: 'GPU-bbbb2222' },
  ]

  it.each<[string | undefined, RegExp | null]>([
    [undefined, null],
    ['0,1', null],
    ['1,0', null],
    ['0', /^2 GPUs, 1 visible through CUDA_VISIBLE_DEVICES=0$/],
    ['', /^2 GPUs, 0 visible through CUDA_VISIBLE_DEVICES="" \(set, but empty\)$/],
    ['-1', /0 visible .*: -1 ends the list$/],
    ['none', /0 visible .*: "none" is neither a number nor a UUID, and CUDA stops reading there$/],
    ['0,0', /0 visible .*: it names GPU 0 twice, so CUDA shows none$/],
    ['0;1', /1 visible .*: CUDA reads "0;1" as 0; numbers are separated by commas$/],
    ['7', /0 visible .*: there is no GPU 7, and CUDA stops reading there$/],
    [
      'GPU-bbbb,0',
      /1 visible .*: "0" is of a different kind from the entries before it, and CUDA stops reading there$/,
    ],
    ['0,7', /1 visible .*: there is no GPU 7, and CUDA stops reading there$/],
    ['0 1', /1 visible .*: CUDA reads "0 1" as 0; numbers are separated by commas$/],
    ['GPU-cccc', /0 visible .*: no GPU's UUID begins with GPU-cccc, or more than one does, and CUDA stops/],
    ['NoDevFiles', /0 visible .*: "NoDevFiles" is neither a number nor a UUID/],
    ['MIG-1', /0 visible .*: MIG-1 is not a MIG instance of a listed GPU$/],
  ])('names what CUDA_VISIBLE_DEVICES=%s does', (setting, says) => {
    const hidden = hiddenGpus(gpus, setting)
    if (says === null) expect(hidden).toBeNull()
    else expect(hidden).toMatch(says)
  })

  it('hides nothing where there is nothing', () => expect(hiddenGpus([], '')).toBeNull())
})
