import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../shared/doctor/doctor-report.js'
import { childEnvironment } from '../child/child-program.js'
import { spawnNodeChild } from '../child/node-child.js'
import { resolveDevices } from '../devices/resolve.js'
import { type FakeBehaviour, fakeHost, running } from '../run/fake-host.fixture.js'
import { checkAllReduce, judgeSums } from './all-reduce-check.js'
import { Checklist } from './checklist.js'
import { engineDoctors } from './engine-doctors.js'

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
    spawn: (options: Parameters<typeof spawnNodeChild>[0]) => {
      const child = spawnNodeChild(options)
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
  }
}

async function prove(fault: string, trainer: FakeBehaviour = {}, limitMs?: number): Promise<Check[]> {
  const host = checkHost(fault)
  const checklist = new Checklist(
    () => {},
    () => {},
    new AbortController().signal,
  )
  await engineDoctors.wasm?.(checklist, {
    environment: { PATH: '' },
    tensorflowDirectory: undefined,
    inventory,
    checkHost: host,
    trainerHost: fakeHost(trainer),
    ...(limitMs !== undefined && { engineLimitMs: limitMs }),
  })
  expect(running(host.pids)).toEqual([])
  return checklist.checks
}

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
