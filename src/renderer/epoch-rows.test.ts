import { describe, expect, it } from 'vitest'
import { epochRows } from './epoch-rows.js'

describe('epochRows', () => {
  it('makes one row an epoch, with the seconds of each strategy that ran it', () => {
    const rows = epochRows([
      { id: 'single', epochTimes: [12, 10] },
      { id: 'dp', epochTimes: [] },
      { id: 'ddp', epochTimes: [6] },
    ])

    expect(rows).toEqual([
      { epoch: 'Epoch 1', single: 12, ddp: 6 },
      { epoch: 'Epoch 2', single: 10 },
    ])
  })

  it('has no row without an epoch', () => {
    expect(epochRows([])).toEqual([])
  })
})
