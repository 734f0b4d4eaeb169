import { describe, expect, it } from 'vitest'
import type { TrainerJob } from '../../shared/child/trainer-protocol.js'
import type { Device } from '../../shared/machine/device.js'
import type { Script } from '../../shared/script/script.js'
import { fakeJob } from '../run/fake-host.fixture.js'
import { ownScriptJob } from './prepare-script-machine.js'

const offered: Device[] = [0, 1].map((index) => ({
  ...{ kind: 'cpu', index, description: `CPU device, core ${index}`, cores: [index] },
}))

const script: Script = {
  ...{ command: ['/opt/python', 'train.py', '--world', '{world_size}'], folder: '/home/me' },
  ...{ worlds: [4], launcher: 'tandem', isInScratch: false, steps: 40, warmUpSteps: 5 },
  ...{ perDeviceBatch: null, globalBatch: null, startSeconds: 600 },
}

const means = {
  ...{ script, devices: offered, interfaceName: 'eth1' },
  setup: { python: '/opt/python', resourcesDirectory: '/tandem', pythonPath: undefined, gpuThreads: 1 },
}

/** Rank 3 of 4, the second one of node 1, as node 0 would have it. */
function asked(changes: Partial<TrainerJob> = {}): TrainerJob {
  const share = { group: '0123456789abcdef', machine: 1, machines: 2, firstRank: 2, ranks: 2 }
  return {
    ...fakeJob({ strategy: 'ddp', rank: 3, worldSize: 4, batchSize: 1, devices: [] }),
    devices: [{ kind: 'cpu', index: 1, description: 'a core of somebody', cores: [63], machine: 1 }],
    collective: { kind: 'torch-network', address: '10.0.0.1', port: 4711, timeoutMs: 1_000 },
    script: { steps: 7, warmUp: 7, startMs: 7, share },
    program: { command: ['/bin/sh', '-c', 'rm -rf /'], environment: { LD_PRELOAD: '/evil.so' } },
    ...changes,
  }
}

describe('a rank of a script that another machine asks for', () => {
  it("is started by this machine's own command, in its own folder, on its own cores", () => {
    const { program, devices, script: told } = ownScriptJob(asked(), means)
    expect(program?.command).toEqual([
      ...['/opt/python', expect.stringMatching(/launch\.py$/), '--node', '1', '--nodes', '2'],
      ...['--first-rank', '2', '--ranks', '2', '--address', '10.0.0.1', '--port', '4711'],
      ...['4', '/opt/python', 'train.py', '--world', '4'],
    ])
    expect(program?.workingDirectory).toBe('/home/me')
    expect(program?.environment).toMatchObject({ TANDEM_CORES: '0;1', GLOO_SOCKET_IFNAME: 'eth1' })
    expect(program?.environment).not.toHaveProperty('LD_PRELOAD')
    expect(devices).toEqual([{ ...offered[1], machine: 1 }])
    expect(told).toMatchObject({ steps: 40, warmUp: 5, startMs: 600_000 })
  })

  const share = asked().script?.share
  it.each([
    ['training of its own', { script: undefined }],
    ['an exchange on one machine', { collective: null }],
    ['a meeting at', { collective: { kind: 'torch-network', address: '--help', port: 1, timeoutMs: 1 } }],
    ['rank 3', { script: { steps: 1, warmUp: 1, startMs: 1, share: share && { ...share, ranks: 3 } } }],
    ['rank 1', { rank: 1 }],
    ['device 5', { devices: [{ kind: 'cpu', index: 5, description: '', cores: [] }] }],
  ] satisfies [string, Partial<TrainerJob>][])('is refused with %s', (what, changes) => {
    expect(() => ownScriptJob(asked(changes), means)).toThrow(`node 0 asked for ${what}`)
  })
})
