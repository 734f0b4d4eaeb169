import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GpuSample, lostGpu, noGpuFigures } from '../../shared/child/telemetry.js'
import { GpuRoll } from './gpu-roll.js'

const gpu = (index: number, id: string): GpuSample => ({
  index,
  id,
  model: `Model ${id}`,
  state: 'ok',
  ...noGpuFigures,
})

describe('GPUs', () => {
  it('are shown as they come', () => {
    const gpus = [{ ...gpu(2, 'c'), utilisation: 0.5 }, gpu(5, 'f')]
    expect(new GpuRoll().complete(gpus)).toEqual(gpus)
  })

  it('that are missing are lost, and the others keep their numbers', () => {
    const roll = new GpuRoll()
    roll.complete([gpu(0, 'a'), gpu(1, 'b'), gpu(2, 'c')])
    expect(roll.complete([gpu(0, 'b'), gpu(1, 'c')])).toEqual([
      lostGpu(gpu(0, 'a')),
      gpu(1, 'b'),
      gpu(2, 'c'),
    ])
    expect(roll.complete([gpu(0, 'a'), gpu(1, 'b'), gpu(2, 'c')]).map(({ state }) => state)).toEqual([
      'ok',
      'ok',
      'ok',
    ])
  })

  it('that come later get a number of their own', () => {
    const roll = new GpuRoll()
    roll.complete([gpu(0, 'a'), gpu(1, 'b')])
    expect(roll.complete([gpu(0, 'b'), gpu(1, 'new')]).map(({ index, id }) => [index, id])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'new'],
    ])
  })

  it('never share a number, never change it, and never go away', () => {
    const ids = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'))
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 6 }), (samples) => {
        const roll = new GpuRoll()
        const numbers = new Map<string, number>()
        for (const present of samples) {
          const complete = roll.complete(present.map((id, index) => gpu(index, id)))
          expect(new Set(complete.map(({ index }) => index)).size).toBe(complete.length)
          for (const { id, index, state } of complete) {
            expect(index).toBe(numbers.get(id) ?? index)
            expect(state).toBe(present.includes(id) ? 'ok' : 'lost')
            numbers.set(id, index)
          }
          expect(complete).toHaveLength(numbers.size)
        }
      }),
    )
  })
})
