import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginningOfBatch, epochBatches } from './epoch-batches.js'
import { epochOrder, epochShape } from './epoch-order.js'

const epochs = fc.record({
  count: fc.integer({ min: 1, max: 200 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  epoch: fc.integer({ min: 0, max: 1000 }),
  worldSize: fc.integer({ min: 1, max: 9 }),
  samplesPerEpoch: fc.option(fc.integer({ min: 1, max: 250 })),
  shuffle: fc.boolean(),
})

type Epoch = typeof epochs extends fc.Arbitrary<infer T> ? T : never

const ranksOf = (epoch: Epoch) =>
  Array.from({ length: epoch.worldSize }, (_, rank) => epochOrder({ ...epoch, rank }))

const wholeOrder = (epoch: Epoch) => epochOrder({ ...epoch, worldSize: 1, rank: 0 })

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b)

describe('epochOrder', () => {
  it('gives all ranks the same number of samples', () => {
    fc.assert(
      fc.property(epochs, (epoch) => {
        const samples = epoch.samplesPerEpoch ?? epoch.count
        for (const order of ranksOf(epoch)) {
          expect(order).toHaveLength(Math.ceil(samples / epoch.worldSize))
        }
      }),
    )
  })

  it('goes through the data set again for more samples than there are, in another order each time', () => {
    const order = epochOrder({
      count: 50,
      samplesPerEpoch: 120,
      seed: 3,
      epoch: 0,
      rank: 0,
      worldSize: 1,
      shuffle: true,
    })
    const passes = [order.slice(0, 50), order.slice(50, 100), order.slice(100)].map((pass) => [...pass])
    expect(sorted(passes[0] ?? [])).toEqual([...Array(50).keys()])
    expect(sorted(passes[1] ?? [])).toEqual([...Array(50).keys()])
    expect(new Set(passes[2]).size).toBe(20)
    expect(passes[1]).not.toEqual(passes[0])
    expect(passes[0]).toEqual([
      ...epochOrder({ count: 50, seed: 3, epoch: 0, rank: 0, worldSize: 1, shuffle: true }),
    ])
  })

  it('shows every sample of the epoch once across ranks, and only as many repeats as padding needs', () => {
    fc.assert(
      fc.property(epochs, (epoch) => {
        const whole = wholeOrder(epoch)
        expect(new Set(whole).size).toBe(Math.min(whole.length, epoch.count))
        const seen = ranksOf(epoch).flatMap((order) => [...order])
        const padding = seen.length - whole.length
        expect(padding).toBeLessThan(epoch.worldSize)
        const wrapped = Array.from({ length: padding }, (_, index) => whole[index % whole.length] as number)
        expect(sorted(seen)).toEqual(sorted([...whole, ...wrapped]))
      }),
    )
  })

  it('keeps ranks disjoint where no padding is needed', () => {
    fc.assert(
      fc.property(epochs, fc.integer({ min: 1, max: 20 }), (epoch, perRank) => {
        const even = { ...epoch, count: perRank * epoch.worldSize, samplesPerEpoch: null }
        const seen = ranksOf(even).flatMap((order) => [...order])
        expect(new Set(seen).size).toBe(even.count)
      }),
    )
  })

  it("makes the ranks' k-th batches together the k-th batch of the undivided order", () => {
    fc.assert(
      fc.property(epochs, fc.integer({ min: 1, max: 32 }), (epoch, batchSize) => {
        const plan = { ...epoch, batchSize, maxStepsPerEpoch: -1, rank: 0 }
        const whole = wholeOrder(epoch)
        const ranks = Array.from({ length: epoch.worldSize }, (_, rank) =>
          epochBatches({ ...plan, rank }, epoch.epoch),
        )
        const globalBatch = batchSize * epoch.worldSize
        for (let step = 0; (step + 1) * globalBatch <= whole.length; step++) {
          const together = ranks.flatMap((batches) => [...(batches[step] as Uint32Array)])
          expect(sorted(together)).toEqual(sorted(whole.slice(step * globalBatch, (step + 1) * globalBatch)))
        }
      }),
    )
  })

  it('has each batch alone as it is among the others', () => {
    const limit = fc.integer({ min: 1, max: 40 })
    const step = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(epochs, limit, step, limit, (epoch, batchSize, step, most) => {
        const plan = { ...epoch, batchSize, maxStepsPerEpoch: 10, rank: 0 }
        const batch = epochBatches(plan, epoch.epoch)[step] ?? new Uint32Array()
        expect(beginningOfBatch(plan, epoch.epoch, step, most)).toEqual(batch.slice(0, most))
      }),
    )
  })

  it('gives a batch of an epoch that is too long for memory', () => {
    const samplesPerEpoch = Number.MAX_SAFE_INTEGER
    const plan = { count: 100, samplesPerEpoch, seed: 3, rank: 0, worldSize: 1, shuffle: true }
    const batch = beginningOfBatch({ ...plan, batchSize: 1e12, maxStepsPerEpoch: -1 }, 0, 2, 5)
    expect(batch).toHaveLength(5)
  })

  it('reshuffles by epoch and by seed, independently of each other', () => {
    const order = (seed: number, epoch: number) =>
      [...epochOrder({ count: 100, seed, epoch, rank: 0, worldSize: 1, shuffle: true })].join()
    const orders = [order(0, 0), order(0, 1), order(0, 2), order(1, 0), order(1, 1), order(2, 0)]
    expect(new Set(orders).size).toBe(orders.length)
    expect(order(1, 1)).toBe(order(1, 1))
  })

  it('takes the limited epoch from the front of the whole one, so that every strategy sees the same', () => {
    const base = { count: 100, seed: 3, epoch: 4, rank: 0, worldSize: 1, shuffle: true }
    expect(epochOrder({ ...base, samplesPerEpoch: 30 })).toEqual(epochOrder(base).slice(0, 30))
    expect(epochOrder({ ...base, samplesPerEpoch: 500 }).slice(0, 100)).toEqual(epochOrder(base))
  })

  it('keeps the order of the data set without shuffling', () => {
    const options = { count: 5, seed: 3, epoch: 4, worldSize: 2, shuffle: false }
    expect([...epochOrder({ ...options, rank: 0 })]).toEqual([0, 2, 4])
    expect([...epochOrder({ ...options, rank: 1 })]).toEqual([1, 3, 0])
  })
})

describe('epochShape', () => {
  it('tells how many batches there are and how large the last one is', () => {
    fc.assert(
      fc.property(epochs, fc.integer({ min: 1, max: 64 }), (epoch, batchSize) => {
        const plan = { ...epoch, batchSize, maxStepsPerEpoch: -1, rank: epoch.worldSize - 1 }
        const batches = epochBatches(plan, epoch.epoch)
        expect(epochShape(plan)).toEqual({
          stepsPerEpoch: batches.length,
          lastBatchSize: batches.at(-1)?.length,
        })
      }),
    )
  })

  it('stops at maxStepsPerEpoch', () => {
    const options = { count: 100, worldSize: 1, batchSize: 30 }
    expect(epochShape({ ...options, maxStepsPerEpoch: 3 })).toEqual({ stepsPerEpoch: 3, lastBatchSize: 30 })
    expect(epochShape({ ...options, maxStepsPerEpoch: 4 })).toEqual({ stepsPerEpoch: 4, lastBatchSize: 10 })
    expect(epochShape({ ...options, maxStepsPerEpoch: 9 })).toEqual({ stepsPerEpoch: 4, lastBatchSize: 10 })
  })
})
