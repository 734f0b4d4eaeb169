import { add, type Tensor, tensor1d, zerosLike } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend, Step } from '../backend.js'
import type { GoldenFile } from '../golden/golden-case.js'
import { readGoldenFile } from '../golden/read-golden-file.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { checkOperations, checkPeerCopies } from './device-checks.js'
import { checkGolden } from './golden-check.js'
import { checkMemory } from './memory-check.js'

// A real engine, and shims around it that each have one fault.

let backend: Backend
beforeAll(async () => {
  backend = await createWasmBackend({ deviceCount: 2 })
})
afterAll(() => backend.dispose())

/** The engine, whose results on its second device go through `spoil`. */
function withFaultySecondDevice(spoil: (result: Tensor) => Tensor): Backend {
  const broken = (result: unknown): unknown =>
    Array.isArray(result) ? result.map((tensor) => spoil(tensor as Tensor)) : spoil(result as Tensor)
  return shim({
    withDevice: (device, build) =>
      backend.withDevice(device, () => {
        const result = build()
        return device === backend.devices[1] ? (broken(result) as typeof result) : result
      }),
  })
}

function shim(changes: Partial<Backend>): Backend {
  return Object.assign(Object.create(backend) as Backend, {
    devices: backend.devices,
    compile: (step: Step, options: Parameters<Backend['compile']>[1]) => backend.compile(step, options),
    uploadImages: backend.uploadImages.bind(backend),
    resources: backend.resources.bind(backend),
    withDevice: backend.withDevice.bind(backend),
    ...changes,
  })
}

describe('operations on every device', () => {
  it('agree with the processor on a sound engine', async () => {
    const before = backend.resources()
    expect(await checkOperations(backend)).toMatchObject({
      status: 'pass',
      found: '2 devices, each bit as the processor computes it',
    })
    expect(backend.resources()).toEqual(before)
  })

  it('show a device that computes wrong, by name', async () => {
    const finding = await checkOperations(withFaultySecondDevice((result) => add(result, 1)))
    expect(finding).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^wrong results on wasm:1: /),
    })
    expect(finding.found).not.toMatch(/wasm:0/)
    expect(finding.advice).toMatch(/Do not train on this device/)
  })
})

describe('copies between devices', () => {
  it('arrive on a sound engine', async () => {
    expect(await checkPeerCopies(backend)).toMatchObject({
      status: 'pass',
      found: expect.stringMatching(/^2 copies/),
    })
  })

  it('that arrive as zeros are found, in the direction in which they do', async () => {
    // What leaves the second device is zero: its copies to the first arrive so.
    const finding = await checkPeerCopies(withFaultySecondDevice((result) => zerosLike(result)))
    expect(finding).toMatchObject({ status: 'fail', advice: expect.stringMatching(/IOMMU/) })
    expect(finding.found).toMatch(/wasm:1 to wasm:0: zeros arrive/)
  })

  it('are not made where there is one device', async () => {
    expect(await checkPeerCopies(shim({ devices: ['wasm:0'] }))).toMatchObject({ status: 'skipped' })
  })
})

describe('training steps against PyTorch', () => {
  it('agree, and do not when an engine trains otherwise', { timeout: 120_000 }, async () => {
    const golden = readGoldenFile({ modelName: 'resnet18', stem: 'torchvision' })
    expect(await checkGolden(backend, golden)).toMatchObject({ status: 'pass' })
    const losses = golden.expected.losses.map((loss) => loss * 1.1)
    const other: GoldenFile = { ...golden, expected: { ...golden.expected, losses } }
    const finding = await checkGolden(backend, other)
    expect(finding).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^ResNet-18: losses not as PyTorch's/),
    })
  })
})

describe('memory', () => {
  it('is given back and used again by a sound engine', async () => {
    expect(await checkMemory(backend, () => 2 ** 30)).toMatchObject({ status: 'pass' })
  })

  it('that is not used again is told', async () => {
    let resident = 2 ** 30
    const finding = await checkMemory(backend, () => {
      resident += 2 ** 26
      return resident
    })
    expect(finding).toMatchObject({ status: 'warn', found: expect.stringMatching(/grew by 320\.0 MiB/) })
  })

  it('that steps leave behind is told', async () => {
    const left: Tensor[] = []
    const leaking = shim({
      compile: (step, options) => {
        const compiled = backend.compile(step, options)
        return {
          ...compiled,
          run: async (...inputs) => {
            left.push(tensor1d([1]))
            return compiled.run(...inputs)
          },
          dispose: () => compiled.dispose(),
        }
      },
    })
    expect(await checkMemory(leaking, () => 0)).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^20 steps left 20 tensors/),
    })
    for (const tensor of left) tensor.dispose()
  })
})
