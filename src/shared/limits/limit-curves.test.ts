import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeasuredAllReduce } from './all-reduce.js'
import { type LimitInput, limitCurves } from './limit-curves.js'
import { fitStepModel, type MeasuredStep, predictStep, type StepModel } from './step-model.js'

/** ResNet-18 on two devices: 64 images a device in 150 ms, of which 13 are all-reduce and 15 update. */
const measured: MeasuredStep = {
  devices: 2,
  perDeviceBatchSize: 64,
  stepMs: 150,
  communicationMs: 13,
  updateMs: 15,
  gradientBytes: 44.7e6,
}
const baseImagesPerSecond = 500

const anyMeasured = (): fc.Arbitrary<MeasuredStep> =>
  fc
    .record({
      devices: fc.integer({ min: 2, max: 16 }),
      perDeviceBatchSize: fc.integer({ min: 1, max: 1024 }),
      computeMs: fc.double({ min: 1, max: 1000, noNaN: true }),
      communicationMs: fc.double({ min: 0.1, max: 1000, noNaN: true }),
      updateMs: fc.double({ min: 0, max: 100, noNaN: true }),
      gradientBytes: fc.integer({ min: 1000, max: 1e9 }),
    })
    .map(({ computeMs, ...rest }) => ({ ...rest, stepMs: computeMs + rest.communicationMs + rest.updateMs }))

function fitted(step: MeasuredStep): StepModel {
  const model = fitStepModel(step)
  if (model === null) throw new Error('no model')
  return model
}

function allReduceOf({ gradientBytes, communicationMs, devices }: MeasuredStep): MeasuredAllReduce {
  return { bytes: gradientBytes, ms: communicationMs, devices }
}

describe('the step model', () => {
  it('is what was measured at the measured devices and batch', () => {
    fc.assert(
      fc.property(anyMeasured(), (step) => {
        const { stepMs, communicationMs, imagesPerSecond } = predictStep(
          fitted(step),
          baseImagesPerSecond,
          step,
        )
        expect(stepMs / step.stepMs).toBeCloseTo(1, 9)
        expect(communicationMs / step.communicationMs).toBeCloseTo(1, 9)
        expect(imagesPerSecond / ((step.devices * step.perDeviceBatchSize * 1000) / step.stepMs)).toBeCloseTo(
          1,
          9,
        )
      }),
    )
  })

  it('says what a larger batch would bring', () => {
    const prediction = predictStep(fitted(measured), baseImagesPerSecond, {
      devices: 2,
      perDeviceBatchSize: 256,
    })
    // Four times 122 ms of compute, the same update and all-reduce.
    expect(prediction.stepMs).toBeCloseTo(4 * 122 + 15 + 13)
    expect(prediction.speedup).toBeCloseTo(512 / 0.516 / 500)
    expect(prediction.efficiency).toBeCloseTo(prediction.speedup / 2)
  })

  it('gets more efficient with the batch and less with devices, and from two devices on faster with both', () => {
    const where = fc.record({
      devices: fc.integer({ min: 2, max: 64 }),
      perDeviceBatchSize: fc.integer({ min: 1, max: 1024 }),
    })
    fc.assert(
      fc.property(anyMeasured(), where, (step, at) => {
        const model = fitted(step)
        const here = predictStep(model, baseImagesPerSecond, at)
        const rounding = 1 + 1e-9
        const { devices, perDeviceBatchSize } = at
        const larger = predictStep(model, baseImagesPerSecond, {
          devices,
          perDeviceBatchSize: perDeviceBatchSize + 1,
        })
        expect(larger.efficiency * rounding).toBeGreaterThanOrEqual(here.efficiency)
        expect(larger.stepMs).toBeGreaterThan(here.stepMs)
        const wider = predictStep(model, baseImagesPerSecond, { devices: devices + 1, perDeviceBatchSize })
        expect(wider.efficiency).toBeLessThanOrEqual(here.efficiency * rounding)
        expect(wider.speedup * rounding).toBeGreaterThanOrEqual(here.speedup)
      }),
    )
  })

  it('is not there where communication is not known apart', () => {
    expect(fitStepModel({ ...measured, communicationMs: 0 })).toBeNull()
    expect(fitStepModel({ ...measured, devices: 1 })).toBeNull()
  })
})

describe('the limits', () => {
  const input = (changes: Partial<LimitInput> = {}): LimitInput => ({
    scaling: 'weak',
    baseImagesPerSecond,
    measured: [{ devices: 2, speedup: 1.7 }],
    at: measured,
    allReduce: allReduceOf(measured),
    model: fitted(measured),
    ...changes,
  })

  it('go through what was measured', () => {
    const speedup = 128 / 0.15 / 500
    const [, two] = limitCurves(input({ measured: [{ devices: 2, speedup }] }), 2)
    expect(two?.predicted?.speedup).toBeCloseTo(speedup)
    expect(two?.amdahl?.speedup).toBeCloseTo(speedup)
  })

  it('begin at one device with one', () => {
    const [one] = limitCurves(input(), 8)
    for (const curve of ['ideal', 'amdahl', 'allReduceBound'] as const) {
      expect(one?.[curve]).toEqual({ speedup: 1, efficiency: 1 })
    }
  })

  it('share a fixed global batch among the devices, and leave that of each alone in weak scaling', () => {
    const batches = (scaling: LimitInput['scaling']) =>
      limitCurves(input({ scaling }), 4).map(({ perDeviceBatchSize }) => perDeviceBatchSize)
    expect(batches('strong')).toEqual([128, 64, 128 / 3, 32])
    expect(batches('weak')).toEqual([64, 64, 64, 64])
  })

  it("are bound by the all-reduce once it takes longer than a device's share of the compute", () => {
    // 44.7 MB at 1 GB/s against 128 images of 2 ms: 85 ms on three devices and 64 ms on four.
    const allReduce = { bytes: 44.7e6, ms: 44.7, devices: 2 }
    const points = limitCurves(input({ scaling: 'strong', allReduce }), 8)
    const bounds = points.map((point) => point.allReduceBound?.efficiency)
    expect(bounds.map((efficiency) => efficiency === 1)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(bounds[7]).toBeCloseTo(32 / (44.7 * 1.75))
  })

  it("are never above the ideal, by Amdahl's law and the bound", () => {
    const curves = ['amdahl', 'allReduceBound'] as const
    const scaling = fc.constantFrom('strong' as const, 'weak' as const)
    const rate = fc.double({ min: 10, max: 1e5, noNaN: true })
    const speedup = fc.double({ min: 0.2, max: 20, noNaN: true })
    fc.assert(
      fc.property(anyMeasured(), scaling, rate, speedup, (step, kind, base, ratio) => {
        const points = limitCurves(
          {
            scaling: kind,
            baseImagesPerSecond: base,
            measured: [{ devices: step.devices, speedup: ratio }],
            at: step,
            allReduce: allReduceOf(step),
            model: fitted(step),
          },
          32,
        )
        for (const point of points) {
          expect(point.ideal).toEqual({ speedup: point.devices, efficiency: 1 })
          for (const curve of curves) expect(point[curve]?.efficiency).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })

  it('only rise in weak scaling', () => {
    fc.assert(
      fc.property(anyMeasured(), (step) => {
        const points = limitCurves(
          input({ at: step, allReduce: allReduceOf(step), model: fitted(step) }),
          32,
        ).slice(1)
        for (const [index, point] of points.entries()) {
          const before = points[index - 1] ?? point
          for (const curve of ['ideal', 'amdahl', 'allReduceBound', 'predicted'] as const) {
            const [now, then] = [point[curve]?.speedup as number, before[curve]?.speedup as number]
            expect(now * (1 + 1e-9)).toBeGreaterThanOrEqual(then)
          }
        }
      }),
    )
  })

  it('are ideal alone where nothing was measured', () => {
    const [, two] = limitCurves(input({ measured: [], allReduce: null, model: null }), 2)
    expect(two).toMatchObject({ amdahl: null, allReduceBound: null, predicted: null })
  })
})

describe('the step model over another link', () => {
  /** An exchange in buckets as PyTorch has it: each begins when its gradients are there and the one before it is through. */
  function exposedOf(
    buckets: readonly { bytes: number; readyMs: number }[],
    endMs: number,
    busBytesPerSecond: number,
  ) {
    let freeMs = 0
    for (const { bytes, readyMs } of buckets) {
      freeMs = Math.max(freeMs, readyMs) + (bytes / busBytesPerSecond) * 1000
    }
    return freeMs - endMs
  }

  // ResNet-18 on two machines: 44.7 MB in three buckets, the last one full when the last gradient is there.
  it.each([
    ['hidden almost whole at 1 Gbit/s', 900],
    ['half hidden at 1 Gbit/s', 200],
    ['hidden at both', 4_000],
  ])('predicts the speedup of a link a quarter as fast, %s', (_, gradientsMs) => {
    const buckets = [
      { bytes: 9.5e6, readyMs: 0.05 * gradientsMs },
      { bytes: 26.2e6, readyMs: 0.35 * gradientsMs },
      { bytes: 9e6, readyMs: gradientsMs },
    ]
    const [fast, slow] = [118e6, 118e6 / 4]
    const computeMs = 1.6 * gradientsMs
    const stepWith = (bus: number) => computeMs + 10 + exposedOf(buckets, gradientsMs, bus)
    const model = fitStepModel({
      ...{ devices: 2, perDeviceBatchSize: 64, gradientBytes: 44.7e6, updateMs: 10 },
      stepMs: stepWith(fast),
      communicationMs: exposedOf(buckets, gradientsMs, fast),
      overlap: { aloneMs: (44.7e6 / fast) * 1000, gradientsMs },
    })
    if (model === null) throw new Error('no model')
    const at = { devices: 2, perDeviceBatchSize: 64 }
    expect(predictStep(model, 50, at).stepMs).toBeCloseTo(stepWith(fast))
    const predicted = predictStep(model, 50, { ...at, linkFactor: 0.25 }).stepMs
    expect(predicted / stepWith(slow)).toBeGreaterThan(0.9)
    expect(predicted / stepWith(slow)).toBeLessThan(1.1)
  })

  it('takes an exchange that nothing hides as inversely proportional to the link', () => {
    const model = fitStepModel({
      ...{
        devices: 2,
        perDeviceBatchSize: 64,
        stepMs: 200,
        communicationMs: 80,
        updateMs: 10,
        gradientBytes: 8e6,
      },
      overlap: { aloneMs: 70, gradientsMs: 60 },
    })
    if (model === null) throw new Error('no model')
    const at = { devices: 2, perDeviceBatchSize: 64 }
    expect(predictStep(model, 50, { ...at, linkFactor: 0.5 }).communicationMs).toBeCloseTo(160)
    expect(predictStep(model, 50, { ...at, linkFactor: 4 }).communicationMs).toBeCloseTo(20)
  })
})
