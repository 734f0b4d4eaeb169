import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../shared/doctor/doctor-report.js'
import type { Measurement } from '../../shared/results/results.js'
import { childEnvironment } from '../child/child-program.js'
import { spawnNodeChild } from '../child/node-child.js'
import { spawnSocketChild } from '../child/socket-child.js'
import { resolveDevices } from '../devices/resolve.js'
import { type FakeBehaviour, fakeHost, running } from '../run/fake-host.fixture.js'
import { checkAllReduce, judgeSums } from './all-reduce-check.js'
import { Checklist } from './checklist.js'
import { engineDoctors } from './engine-doctors.js'
import { judgeMiniRun } from './mini-runs.js'

const entry = fileURLToPath(new URL('./fake-engine-check.fixture.mjs', import.meta.url))
const inventory = { cores: [0, 1], gpus: [] }
const devices = resolveDevices('cpu:2', inventory, { cuda: false })

/** Real processes of a fake engine check, with a fault. */
function checkHost(fault: string) {
  const pids: number[] = []
  return {
    pids,
    entry,
    environment: { ...childEnvironment(process.env), FAKE_ENGINE_CHECK: fault },
    spawnCommand: spawnSocketChild,
    spawn: (options: Parameters<typeof spawnNodeChild>[0]) => {
      const child = spawnNodeChild(options)
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
  }
}

async function prove(fault: string, trainer: FakeBehaviour = {}, limitMs?: number): Promise<Check[]> {
  const host = checkHost(fault)
  const checklist = newChecklist()
  await engineDoctors.wasm(checklist, {
    ...context(),
    checkHost: host,
    trainerHost: fakeHost(trainer),
    ...(limitMs !== undefined && { engineLimitMs: limitMs }),
  })
  expect(running(host.pids)).toEqual([])
  return [...checklist.checks]
}

const newChecklist = () => new Checklist({ onCheck() {}, onCurrent() {} }, new AbortController().signal)

const context = () => ({
  environment: {
    PATH: '',
    TANDEM_TENSORFLOW_DIR: '',
    TANDEM_CACHE_DIR: '/nowhere',
    TANDEM_DATA_DIR: '/nowhere',
  },
  resourcesDirectory: '/nowhere',
  tensorflowDirectory: undefined,
  python: undefined,
  inventory,
  checkHost: checkHost('none'),
  trainerHost: fakeHost(),
})

const statuses = (checks: Check[]) => Object.fromEntries(checks.map(({ id, status }) => [id, status]))

describe('an engine', () => {
  it('that is sound passes every check, each with its time', async () => {
    const checks = await prove('none')
    expect(statuses(checks)).toEqual({
      'wasm.load': 'pass',
      'wasm.operations': 'pass',
      'wasm.all-reduce': 'pass',
      'wasm.run-single': 'pass',
      'wasm.run-dp': 'pass',
      'wasm.run-ddp': 'pass',
    })
    for (const { ms, group } of checks) {
      expect(ms).toBeGreaterThan(0)
      expect(group).toBe('WebAssembly')
    }
  })

  it('that does not load is told once, with what it said', async () => {
    expect(await prove('load')).toEqual([
      expect.objectContaining({
        id: 'wasm.load',
        status: 'fail',
        found: 'libtensorflow.so.2: wrong ELF class',
        advice: 'Install it again.',
      }),
    ])
  })

  it.each([
    ['crash', /^its process died \(SIGSEGV\)/],
    ['hang', /^no answer within 2 s/],
    ['nonsense', /not understood/],
    ['quiet-exit', /^its process died \(exit code 0\)/],
  ])(
    'whose process has the fault %s is known by what it was at, and the rest goes on',
    async (fault, found) => {
      const checks = await prove(fault, {}, 2_000)
      expect(checks.find(({ id }) => id === 'wasm.operations')).toMatchObject({
        status: 'fail',
        found: expect.stringMatching(found),
        advice: expect.any(String),
      })
      expect(statuses(checks)).toMatchObject({ 'wasm.load': 'pass', 'wasm.run-single': 'pass' })
    },
  )

  it('whose trainers fail shows which strategy does', async () => {
    const checks = await prove('none', { fault: 'exit-3' })
    for (const id of ['wasm.run-single', 'wasm.run-dp', 'wasm.run-ddp']) {
      expect(checks.find((check) => check.id === id)).toMatchObject({
        status: 'fail',
        advice: expect.any(String),
      })
    }
  })
})

describe('an engine that is not there', () => {
  it('is a warning with what to do where TensorFlow is missing, and a fault where it was named', async () => {
    const missing = newChecklist()
    await engineDoctors.tensorflow(missing, context())
    expect(missing.checks).toEqual([
      expect.objectContaining({
        id: 'tensorflow.found',
        status: 'warn',
        advice: expect.stringMatching(/tandem engine install/),
      }),
    ])
    const named = newChecklist()
    await engineDoctors.tensorflow(named, { ...context(), tensorflowDirectory: '/nowhere' })
    expect(named.checks).toMatchObject([
      { id: 'tensorflow.found', status: 'fail', found: expect.stringMatching(/nowhere/) },
    ])
  })

  it('is one line that is no fault where PyTorch is missing, and a fault where it was named', async () => {
    const missing = newChecklist()
    await engineDoctors.pytorch(missing, context())
    expect(missing.checks).toEqual([
      expect.objectContaining({
        id: 'pytorch.found',
        status: 'skipped',
        found: expect.stringMatching(/no Python/),
      }),
    ])
    const named = newChecklist()
    await engineDoctors.pytorch(named, { ...context(), python: '/nowhere/python' })
    expect(named.checks).toMatchObject([{ id: 'pytorch.found', status: 'fail', advice: expect.any(String) }])
  })
})

describe('a mini run', () => {
  const measured = (changes: Partial<Measurement>): Measurement =>
    ({ error: null, epochs: [], collective: null, status: 'completed', ...changes }) as Measurement

  it('whose loss is no number is a fault of the engine', () => {
    const epoch = { loss: Number.NaN, images: 8, seconds: 1 } as Measurement['epochs'][number]
    expect(judgeMiniRun(measured({ epochs: [epoch] }))).toMatchObject({
      status: 'fail',
      found: 'the loss is NaN',
    })
  })

  it('that ends without an epoch is one too', () => {
    expect(judgeMiniRun(measured({}))).toMatchObject({ status: 'fail' })
  })
})

describe('an all-reduce', () => {
  async function allReduce(fault: string) {
    const host = checkHost(fault)
    const { signal } = new AbortController()
    const finding = await checkAllReduce({ backend: { name: 'wasm' }, devices, host, limitMs: 3_000, signal })
    expect(running(host.pids)).toEqual([])
    return finding
  }

  it.each([
    ['wrong-sum', /^wrong sums: rank 1, 64\.0 KiB; /],
    ['rank-crash', /^rank 1: its process died \(exit code 7\)/],
    ['rank-hang', /^rank 1: no answer within 3 s/],
  ])('with the fault %s fails, by rank', async (fault, found) => {
    expect(await allReduce(fault)).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(found),
      advice: expect.any(String),
    })
  })

  it('has bandwidths as nccl-tests define them', () => {
    const summed = { type: 'summed', elements: 250_000, ms: 1, isRight: true, through: 'memory' } as const
    // 1 MB in 1 ms is 1 GB/s; four ranks move it 2 * 3 / 4 times over each link.
    const { table } = judgeSums(Array.from({ length: 4 }, () => [summed]))
    expect(table?.rows).toEqual([['976.6 KiB', '1.00', '1.00', '1.50']])
  })

  it('is not made with one device', async () => {
    const one = resolveDevices('cpu:1', inventory, { cuda: false })
    const { signal } = new AbortController()
    const host = checkHost('none')
    expect(
      await checkAllReduce({ backend: { name: 'wasm' }, devices: one, host, limitMs: 1, signal }),
    ).toMatchObject({ status: 'skipped' })
  })
})
