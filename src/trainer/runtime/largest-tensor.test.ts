import { describe, expect, it } from 'vitest'
import { dtypes } from './dtype.js'
import { refuseLargeTensor } from './largest-tensor.js'

const limit = 2 ** 31
const tensor = (batch: number, more = {}) => ({
  dtype: dtypes.float32 as number,
  shape: [batch, 32, 32, 64],
  device: '/device:CPU:0',
  ...more,
})

describe('the largest tensor', () => {
  it('may have as much as the limit, and no byte more', () => {
    expect(() => refuseLargeTensor('Conv2D', tensor(8192), limit)).not.toThrow()
    expect(() => refuseLargeTensor('Conv2D', tensor(8193), limit)).toThrow(
      /^Conv2D would make a tensor of 2\.0 GiB \(\[8193, 32, 32, 64\]\); in the desktop app it must/,
    )
  })

  it('is counted in bytes, not in elements', () => {
    expect(() => refuseLargeTensor('Cast', tensor(8193, { dtype: dtypes.bfloat16 }), limit)).not.toThrow()
  })

  it('is no matter on GPUs, of what has no size, and in plain Node', () => {
    expect(() => refuseLargeTensor('Conv2D', tensor(9999, { device: '/device:GPU:0' }), limit)).not.toThrow()
    expect(() =>
      refuseLargeTensor('VarHandleOp', tensor(9999, { dtype: dtypes.resource }), limit),
    ).not.toThrow()
    expect(() => refuseLargeTensor('Conv2D', tensor(9999))).not.toThrow()
  })
})
