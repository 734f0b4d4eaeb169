import { describe, expect, it } from 'vitest'
import {
  formatBitRate,
  formatBytes,
  formatCoreLimit,
  formatCores,
  formatCount,
  formatDuration,
  formatList,
  formatPercent,
  formatQuantity,
  formatSeconds,
  formatSpeedup,
  formatThroughput,
} from './format.js'

describe('figures for people', () => {
  it.each([
    [formatSeconds(12.3451), '12.345 s'],
    [formatSpeedup(1.834), '1.83x'],
    [formatPercent(0.9149), '91.5 %'],
    [formatCount(11_181_642), '11,181,642'],
    [formatThroughput(47.96, 'image'), '48.0 images/s'],
    [formatThroughput(1234.4, 'sample'), '1,234 samples/s'],
    [formatBitRate(25e9), '25 Gbit/s'],
    [formatBitRate(2.5e9), '2.5 Gbit/s'],
    [formatBitRate(100e6), '100 Mbit/s'],
    [formatBytes(0), '0 B'],
    [formatBytes(1023), '1023 B'],
    [formatBytes(1024), '1.0 KiB'],
    [formatBytes(44.7 * 2 ** 20), '44.7 MiB'],
    [formatBytes(5000 * 2 ** 40), '5000.0 TiB'],
    [formatDuration(7.6), '8 s'],
    [formatDuration(59.6), '1 min 00 s'],
    [formatDuration(185), '3 min 05 s'],
    [formatDuration(7620), '2 h 07 min'],
    [formatQuantity(1, 'GPU'), '1 GPU'],
    [formatQuantity(2000, 'GPU'), '2,000 GPUs'],
    [formatQuantity(2, 'batch', 'batches'), '2 batches'],
    [formatList([]), ''],
    [formatList(['a']), 'a'],
    [formatList(['a', 'b', 'c']), 'a, b and c'],
    [formatList(['a', 'b'], 'or'), 'a or b'],
    [formatCoreLimit(1.5), '1.5 cores'],
    [formatCoreLimit(0.25), '0.25 cores'],
    [formatCoreLimit(1), '1 core'],
    [formatCoreLimit(0.001), '0.001 cores'],
    [formatCores([]), ''],
    [formatCores([8, 1, 0, 2]), '0-2, 8'],
  ])('%s', (formatted, expected) => {
    expect(formatted).toBe(expected)
  })

  it('shows what is missing as N/A, never as 0', () => {
    for (const format of [
      formatSeconds,
      formatSpeedup,
      formatPercent,
      (none: null) => formatThroughput(none, 'image'),
      formatBytes,
      formatDuration,
    ]) {
      expect(format(null)).toBe('N/A')
    }
  })
})
