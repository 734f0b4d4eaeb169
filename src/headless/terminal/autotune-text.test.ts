import { expect, it } from 'vitest'
import type { AutotuneRecord } from '../../shared/child/trainer-protocol.js'
import { autotunePart, autotuneReportLines } from './autotune-text.js'

const record: AutotuneRecord = { tuneMs: 4_100, convolutions: 32, timed: 32, cached: 0, changed: 23 }

it('says what autotuning cost and changed', () => {
  expect(autotunePart(record)).toBe('autotuning: 4.100 s (23 of 32 convolutions computed otherwise)')
  expect(autotunePart({ ...record, tuneMs: 120, timed: 0, cached: 32 })).toBe(
    'autotuning: 0.120 s (23 of 32 convolutions computed otherwise, known from earlier)',
  )
})

it('reports every timing, the fastest first, only where it was asked to', () => {
  expect(autotuneReportLines('Single', record)).toEqual([])
  const row = { kernel: 'filter gradient', convolution: '8x2x2x4 * 3x3x4', count: 3 } as const
  const rows = [
    { ...row, chosen: 'fully connected', times: { operation: 15.97, 'fully connected': 7.491 } },
    { ...row, chosen: 'operation', times: {} },
  ]
  expect(autotuneReportLines('Single', { ...record, rows })).toEqual([
    '[Single] filter gradient 8x2x2x4 * 3x3x4 (x3): fully connected - fully connected 7.49 ms, operation 15.97 ms',
    '[Single] filter gradient 8x2x2x4 * 3x3x4 (x3): operation - not timed',
  ])
})
