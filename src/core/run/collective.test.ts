import { existsSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Device } from '../../shared/machine/device.js'
import { chooseCollective, isAddressInUse, openCollective } from './collective.js'

const cpus: Device[] = [{ kind: 'cpu', index: 0, description: '', cores: [0] }]
const gpus: Device[] = [{ kind: 'gpu', index: 0, description: 'H200', cores: [] }]
const ranks = (count: number): Device[] => Array.from({ length: count }, () => cpus[0] as Device)
const model = { modelName: 'resnet18', stem: 'torchvision' } as const

describe('what gradients are exchanged through', () => {
  it.each([
    ['auto', cpus, 'linux', 'shared-memory'],
    ['auto', cpus, 'darwin', 'files'],
    ['auto', cpus, 'win32', 'files'],
    ['auto', gpus, 'linux', 'tensorflow'],
    ['files', gpus, 'linux', 'files'],
    ['tensorflow', cpus, 'linux', 'tensorflow'],
  ] as const)('%s with %j on %s: %s', (requested, devices, platform, kind) => {
    expect(chooseCollective(requested, 'tensorflow', devices, platform)).toBe(kind)
  })

  it.runIf(process.platform === 'linux')(
    'shared memory: a free path that is gone once all have joined',
    async () => {
      const { job, joined, release } = await openCollective('shared-memory', ranks(2), model, 1000)
      if (job.kind !== 'shared-memory') throw new Error('another kind')
      expect(existsSync(job.path)).toBe(false)
      await writeFile(job.path, 'as rank 0 does')
      await joined()
      expect(existsSync(job.path)).toBe(false)
      await release()
    },
  )

  it('files: an empty folder of the user alone, there until the end', async () => {
    const { job, joined, release } = await openCollective('files', ranks(2), model, 1000)
    if (job.kind !== 'files') throw new Error('another kind')
    expect(statSync(job.directory).mode & 0o777).toBe(0o700)
    await joined()
    expect(existsSync(job.directory)).toBe(true)
    await release()
    expect(existsSync(job.directory)).toBe(false)
  })

  it("TensorFlow's own: an address a rank, all different, on this machine only", async () => {
    const { job, release } = await openCollective('tensorflow', ranks(4), model, 1000)
    if (job.kind !== 'tensorflow') throw new Error('another kind')
    expect(new Set(job.addresses).size).toBe(4)
    for (const address of job.addresses) expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    await release()
  })

  it.each([
    ['bind: Address already in use', true],
    ['Could not start gRPC server', true],
    ['listen EADDRINUSE: address already in use 127.0.0.1:4000', true],
    ['out of memory', false],
  ])('recognises a lost port: %s', (message, lost) => {
    expect(isAddressInUse(message)).toBe(lost)
  })
})
