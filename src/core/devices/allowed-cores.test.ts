import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allowedCores } from './allowed-cores.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-cores-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Files as Linux shows them below /proc and /sys. */
async function coresWith(files: Record<string, string>): Promise<number[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), `${text}\n`)
  }
  return await allowedCores({ proc: join(folder, 'proc'), sys: join(folder, 'sys') })
}

const affinity = (list: string) => ({
  'proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\nMems:\t0`,
})

function topology(places: Record<number, [socket: number, physicalCore: number]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(places).flatMap(([core, [socket, physicalCore]]) => {
      const directory = `sys/devices/system/cpu/cpu${core}/topology`
      return [
        [`${directory}/physical_package_id`, String(socket)],
        [`${directory}/core_id`, String(physicalCore)],
      ]
    }),
  )
}

describe('allowedCores', () => {
  it('are those of the affinity', async () => {
    expect(await coresWith(affinity('1-3,8'))).toEqual([1, 2, 3, 8])
  })

  it('leave out cores that could be plugged in but are not there', async () => {
    const online = { 'sys/devices/system/cpu/online': '0-3,6' }
    expect(await coresWith({ ...affinity('0-127'), ...online })).toEqual([0, 1, 2, 3, 6])
  })

  it('are counted by Node where Linux does not say', async () => {
    const counted = Array.from({ length: availableParallelism() }, (_, core) => core)
    expect(await coresWith({})).toEqual(counted)
    expect(await coresWith(affinity('banana'))).toEqual(counted)
  })

  it('come with the threads of one physical core side by side, socket by socket', async () => {
    const places = topology({
      0: [0, 0],
      1: [0, 1],
      2: [1, 0],
      3: [1, 1],
      4: [0, 0],
      5: [0, 1],
      6: [1, 0],
      7: [1, 1],
    })
    expect(await coresWith({ ...affinity('0-7'), ...places })).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
  })

  it.each<[string, Record<string, string>, number]>([
    ["a container's quota", { 'sys/fs/cgroup/cpu.max': '250000 100000' }, 2],
    ['less than a core', { 'sys/fs/cgroup/cpu.max': '50000 100000' }, 1],
    ['no quota', { 'sys/fs/cgroup/cpu.max': 'max 100000' }, 8],
    [
      "the quota of a parent of the process's group",
      {
        'proc/self/cgroup': '0::/system.slice/tandem.service',
        'sys/fs/cgroup/system.slice/cpu.max': '300000 100000',
        'sys/fs/cgroup/system.slice/tandem.service/cpu.max': 'max 100000',
      },
      3,
    ],
    [
      'a quota in the older interface',
      { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' },
      4,
    ],
    [
      'none in the older interface',
      { 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' },
      8,
    ],
  ])('heed %s', async (_what, files, count) => {
    expect(await coresWith({ ...affinity('0-7'), ...files })).toHaveLength(count)
  })

  it('are there on this machine', async () => {
    const cores = await allowedCores()
    expect(cores.length).toBeGreaterThan(0)
    expect(new Set(cores).size).toBe(cores.length)
  })
})
