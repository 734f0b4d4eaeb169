import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Precision } from '../../shared/domain/engines.js'
import type { Backend } from '../backend.js'
import { convolutionKernelNames } from '../kernels/lowering-choices.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import type { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { someUse } from './fake-catalogue.fixture.js'
import type { LoweringCatalogue } from './lowering-catalogue.js'
import { createTensorFlowCatalogue } from './tensorflow-catalogue.js'
import { timeLowerings } from './time-lowerings.js'
import { createWasmCatalogue } from './wasm-catalogue.js'

const uses = convolutionKernelNames.map((kernel) => someUse(kernel, 2))

function timesEverything(catalogue: () => LoweringCatalogue, backend: () => Backend): void {
  const options = { nowMs: () => performance.now(), signal: new AbortController().signal }

  it.each(uses)('times every lowering of $kernel and leaves nothing behind', async (use) => {
    // What an engine keeps for ever, it keeps after the first time.
    await timeLowerings(catalogue(), use, options)
    const before = backend().resources()
    const times = await timeLowerings(catalogue(), use, options)
    expect(times.map(({ name }) => name)).toEqual(catalogue().names(use))
    expect(times.length).toBeGreaterThan(1)
    for (const { ms } of times) expect(ms).toBeGreaterThan(0)
    expect(backend().resources()).toEqual(before)
  })
}

describe('the lowerings of wasm', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())
  timesEverything(
    () => createWasmCatalogue(backend.version),
    () => backend,
  )
})

describeWithTensorFlow('the lowerings of TensorFlow', () => {
  let backend: TensorFlowBackend
  const settings = { precision: 'mixed', intraOpThreads: 1, deviceKind: 'cpu' } as const
  beforeAll(async () => {
    backend = await tensorflowForTests('traced', 'mixed')
  })
  timesEverything(
    () => createTensorFlowCatalogue(backend, settings),
    () => backend,
  )

  it('leave those out in mixed precision that would round too much', () => {
    const use = someUse('PaddedConv2D', 8)
    const names = (precision: Precision) =>
      createTensorFlowCatalogue(backend, { ...settings, precision }).names(use)
    expect(names('fp32')).toContain('winograd 4x4')
    expect(names('mixed').filter((name) => name.startsWith('winograd'))).toEqual([])
  })

  it('are known by engine, devices, threads and precision', () => {
    const one = createTensorFlowCatalogue(backend, settings).settings
    const other = createTensorFlowCatalogue(backend, { ...settings, intraOpThreads: 2 }).settings
    expect(one[0]).toContain(backend.version)
    expect(one[1]).toBe('2 x cpu, 1 threads, mixed')
    expect(other).not.toEqual(one)
  })
})
