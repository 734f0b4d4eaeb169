import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { goodEnvironment } from '../../shared/validity/quiet-run.fixture.js'
import { madeUpSystem } from '../conditions/system-folders.fixture.js'
import { type MachineUnderCheck, machineChecks } from './machine-checks.js'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

const limits = (handles: string, locked: string) =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    `Max open files            ${handles.padEnd(20)} 1048576              files     `,
    `Max locked memory         ${locked.padEnd(20)} unlimited            bytes     `,
  ].join('\n')

const sound = { 'proc/self/limits': limits('20000', 'unlimited') }

async function check(
  id: string,
  files: Record<string, string> = {},
  changes: Partial<MachineUnderCheck> = {},
) {
  const folders = await madeUpSystem({ ...sound, ...files })
  removals.push(folders.remove)
  const found = machineChecks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no check ${id}`)
  return await found.run({
    folders,
    sharedMemoryFolder: tmpdir(),
    platform: 'linux',
    devices: 2,
    hasGpus: false,
    allowedCores: [0, 1, 2, 3],
    logicalCores: 4,
    environment: goodEnvironment,
    benchmarks: [],
    busyCores: async () => 0.1,
    ...changes,
  })
}

const memoryOf = (availableBytes: number | null) => ({
  environment: { ...goodEnvironment, memory: { ...goodEnvironment.memory, availableBytes } },
})
const iommu = { 'sys/class/iommu/dmar0/name': '', 'proc/cmdline': 'quiet' }

describe('a machine in order', () => {
  it.each(machineChecks.map(({ id }) => id))('passes the check of its %s', async (id) => {
    expect(await check(id)).toMatchObject({ status: 'pass', advice: null })
  })
})

describe('what is wrong with a machine is found, with what to do', () => {
  it.each<[string, Record<string, string>, Partial<MachineUnderCheck>, 'warn' | 'fail', RegExp, RegExp]>([
    [
      'cores',
      {},
      { environment: { ...goodEnvironment, cpuQuotaCores: 1.5 } },
      'warn',
      /limit of 1\.5 cores/,
      /docker run --cpus/,
    ],
    [
      'cores',
      {},
      // What is allowed is counted in whole cores; the limit is told as it is.
      { allowedCores: [0], environment: { ...goodEnvironment, cpuQuotaCores: 1.75 } },
      'warn',
      /1 core of 4 usable \(0\), limit 1\.75 cores/,
      /two devices/,
    ],
    ['cores', {}, { allowedCores: [3] }, 'warn', /1 core of 4 usable/, /two devices/],
    ['other-work', {}, { benchmarks: ['20261130-101010-abc'] }, 'warn', /^1 benchmark under way/, /Wait/],
    [
      'other-work',
      {},
      { busyCores: async () => 1.27 },
      'warn',
      /keep 1\.3 of 4 cores busy/,
      /Close other programs/,
    ],
    [
      'clocks',
      {},
      { environment: { ...goodEnvironment, powerProfile: 'low-power' } },
      'warn',
      /power profile low-power/,
      /performance/,
    ],
    ['clocks', {}, { environment: { ...goodEnvironment, onBattery: true } }, 'warn', /on battery/, /connect/],
    [
      'clocks',
      {
        'sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw': '35000000',
        'sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw': '125000000',
      },
      {},
      'warn',
      /may draw 35 W of 125 W/,
      /Raise the limit/,
    ],
    ['memory', {}, memoryOf(2 ** 30), 'fail', /1\.0 GiB available/, /docker run --memory/],
    [
      'memory',
      { 'sys/fs/cgroup/memory.max': String(3 * 2 ** 30) },
      memoryOf(3 * 2 ** 30),
      'warn',
      /container's limit 3\.0 GiB/,
      /Close programs/,
    ],
    ['shared-memory', {}, { sharedMemoryFolder: '/no/such/folder' }, 'fail', /is not there/, /--shm-size/],
    ['shared-memory', {}, { devices: 1e9 }, 'fail', /ranks of ResNet-34 need/, /--shm-size/],
    ['file-handles', { 'proc/self/limits': limits('512', '1') }, {}, 'warn', /^512 a process/, /ulimit -n/],
    ['file-handles', { 'proc/self/limits': limits('64', '1') }, {}, 'fail', /^64 a process/, /ulimit -n/],
    [
      'pinned-memory',
      { 'proc/self/limits': limits('20000', '65536') },
      { hasGpus: true },
      'warn',
      /^64\.0 KiB a process/,
      /memlock=-1/,
    ],
    ['iommu', iommu, { hasGpus: true }, 'warn', /^on \(1 unit\)/, /iommu=pt/],
  ])('%s %#', async (id, files, changes, status, found, advice) => {
    expect(await check(id, files, changes)).toMatchObject({
      status,
      found: expect.stringMatching(found),
      advice: expect.stringMatching(advice),
    })
  })
})

describe('what does no harm is no fault', () => {
  it.each<[string, Record<string, string>, Partial<MachineUnderCheck>]>([
    ['iommu', iommu, {}],
    ['iommu', { ...iommu, 'proc/cmdline': 'quiet intel_iommu=on iommu=pt' }, { hasGpus: true }],
    ['pinned-memory', { 'proc/self/limits': limits('20000', '65536') }, {}],
  ])('%s %#', async (id, files, changes) => {
    expect(await check(id, files, changes)).toMatchObject({ status: 'pass' })
  })

  it('and what a system does not say is not checked', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'tandem-empty-'))
    removals.push(() => rm(empty, { recursive: true }))
    const folders = { proc: empty, sys: empty }
    for (const id of ['file-handles', 'pinned-memory']) {
      expect(await check(id, {}, { folders })).toMatchObject({ status: 'skipped' })
    }
    expect(await check('shared-memory', {}, { platform: 'darwin' })).toMatchObject({ status: 'skipped' })
    expect(await check('memory', {}, memoryOf(null))).toMatchObject({ status: 'skipped' })
  })
})
