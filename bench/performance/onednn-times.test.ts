import { describe, expect, it } from 'vitest'
import { sumOnednnTimes } from './onednn-times.js'

const convolution = (direction: string, ms: number) =>
  `onednn_verbose,v1,primitive,exec,cpu,convolution,brg_conv_fwd:avx512_core,${direction},src:f32::blocked:acdb::f0,attr-scratchpad:user,alg:convolution_direct,mb32_ic64oc64,${ms}`

describe('times that oneDNN prints', () => {
  it('are summed by primitive, convolutions by direction, the longest first', () => {
    const text = [
      'onednn_verbose,v1,info,oneDNN v3.7.3 (commit N/A)',
      convolution('forward_training', 1.5),
      convolution('backward_weights', 4),
      convolution('forward_training', 2),
      'onednn_verbose,exec,cpu,matmul,brg:avx512_core,undef,src_f32::blocked:ab:f0,,,256x512:512x10,0.25',
      'something else',
    ].join('\n')
    expect(sumOnednnTimes(text)).toEqual([
      { kind: 'convolution, backward_weights', ms: 4, count: 1 },
      { kind: 'convolution, forward_training', ms: 3.5, count: 2 },
      { kind: 'matmul', ms: 0.25, count: 1 },
    ])
  })

  it('do not include what oneDNN only made, nor a line that was cut', () => {
    const created = convolution('forward_training', 9).replace(',exec,', ',create:cache_miss,')
    const cut = convolution('forward_training', 9).slice(0, 60)
    expect(sumOnednnTimes(`${created}\n${cut}`)).toEqual([])
  })
})
