import { describe, expect, it } from 'vitest'
import type { CollectiveJob, TrainerJob } from '../../shared/child/trainer-protocol.js'
import { ownJob } from './prepare-machine.js'
import { job } from './test-support/two-nodes.js'

const foreign: TrainerJob = {
  ...job,
  backend: { name: 'pytorch', python: '/host/python', trainer: '/host/evil.py', gpuThreads: 1 },
  program: {
    command: ['/bin/rm', '-rf', '/'],
    environment: { LD_PRELOAD: '/host/evil.so' },
    workingDirectory: '/host',
  },
  pytorch: { threads: 3, memoryFormat: 'contiguous', compile: 'off', bucketMebibytes: 25 },
  data: { kind: 'cifar10', directory: '/host/secrets' },
  initialWeightsDirectory: '/host/weights',
  autotune: { cacheDirectory: '/host/autotune', budgetMs: 1, report: false },
  devices: [{ kind: 'cpu', index: 0, description: 'as the host calls it', cores: [5], machine: 1 }],
  collective: { kind: 'torch-network', address: '10.0.0.1', port: 4_000, timeoutMs: 1_000 },
}

const means: Parameters<typeof ownJob>[1] = {
  backends: [{ name: 'pytorch', python: '/own/python', trainer: '/own/train.py', gpuThreads: 2 }],
  devices: [{ kind: 'cpu', index: 0, description: 'CPU device, core 1', cores: [1] }],
  data: { kind: 'cifar10', directory: '/own/data' },
  interfaceName: 'eth1',
  cacheDirectory: '/own/cache',
}

describe('a job of the host’s, as another machine does it', () => {
  it('has no path and no command of the host’s', () => {
    const own = ownJob(foreign, means)
    expect(JSON.stringify(own)).not.toContain('/host')
    expect(own.program).toEqual({
      command: ['/own/python', '-B', '-u', '/own/train.py', '1'],
      environment: { OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'eth1', NCCL_SOCKET_IFNAME: 'eth1' },
    })
    expect(own.data).toEqual({ kind: 'cifar10', directory: '/own/data' })
    expect(own.devices).toEqual([
      { kind: 'cpu', index: 0, description: 'CPU device, core 1', cores: [1], machine: 1 },
    ])
  })

  it('trains as the host says', () => {
    const { rank, worldSize, seed, batchSize, collective, pytorch } = ownJob(foreign, means)
    expect({ rank, worldSize, seed, batchSize }).toEqual({ rank: 1, worldSize: 2, seed: 0, batchSize: 1 })
    expect(collective).toEqual(foreign.collective)
    expect(pytorch).toMatchObject({ memoryFormat: 'contiguous', threads: 1 })
  })

  it.each<[string, Partial<TrainerJob>]>([
    ['an engine that was not offered', { backend: { name: 'wasm' } }],
    ['a device that was not offered', { devices: [{ kind: 'gpu', index: 0, description: '', cores: [] }] }],
    ['a script', { script: { steps: 1, warmUp: 1, startMs: 1 } }],
    ...(
      [
        { kind: 'files', directory: '/host/files', timeoutMs: 1 },
        { kind: 'shared-memory', path: '/host/memory', timeoutMs: 1 },
        { kind: 'torch', path: '/host/store', timeoutMs: 1 },
      ] satisfies CollectiveJob[]
    ).map((collective): [string, Partial<TrainerJob>] => [
      `an exchange by ${collective.kind}`,
      { collective },
    ]),
  ])('is refused with %s', (_what, change) => {
    expect(() => ownJob({ ...foreign, ...change }, means)).toThrow(
      expect.objectContaining({ code: 'not-agreed' }) as Error,
    )
  })
})
