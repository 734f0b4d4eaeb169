import { afterEach, describe, expect, it } from 'vitest'
import type { Environment } from '../../shared/conditions/conditions.js'
import type { Device } from '../../shared/machine/device.js'
import { readEnvironment } from './environment.js'
import { madeUpSystem } from './system-folders.fixture.js'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

const devices: Device[] = [
  { kind: 'cpu', index: 0, description: '', cores: [0, 1] },
  { kind: 'cpu', index: 1, description: '', cores: [2, 3] },
]

async function environmentWith(files: Record<string, string>): Promise<Environment> {
  const system = await madeUpSystem(files)
  removals.push(system.remove)
  const environment = await readEnvironment(devices, ['GPU 1 is lost'], system)
  if (environment === null) throw new Error('nothing was read')
  return environment
}

/** A file of each core. */
function ofCores(file: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, core) => [`sys/devices/system/cpu/cpu${core}/${file}`, value]))
}

describe.runIf(process.platform === 'linux')('the environment of a run', () => {
  it('has the way in which clocks are set, each value once', async () => {
    const { frequencyScaling } = await environmentWith({
      ...ofCores('cpufreq/scaling_driver', ['acpi-cpufreq', 'acpi-cpufreq']),
      ...ofCores('cpufreq/scaling_governor', ['schedutil', 'powersave', 'schedutil']),
    })
    expect(frequencyScaling).toEqual({
      drivers: ['acpi-cpufreq'],
      governors: ['powersave', 'schedutil'],
      energyPreferences: [],
    })
  })

  it.each([
    ['Discharging', true],
    ['Full', false],
    ['Not charging', false],
  ])('knows a battery that is %s', async (status, onBattery) => {
    const environment = await environmentWith({
      'sys/class/power_supply/ADP1/type': 'Mains',
      'sys/class/power_supply/BATC/type': 'Battery',
      'sys/class/power_supply/BATC/status': status,
      'sys/class/power_supply/mouse/type': 'Battery',
      'sys/class/power_supply/mouse/scope': 'Device',
      'sys/class/power_supply/mouse/status': 'Discharging',
    })
    expect(environment.onBattery).toBe(onBattery)
  })

  it('has the firmware’s profile, the container’s quota, and how long programs waited for memory', async () => {
    const environment = await environmentWith({
      'sys/firmware/acpi/platform_profile': 'low-power',
      'sys/fs/cgroup/cpu.max': '150000 100000',
      'proc/pressure/memory':
        'some avg10=1.00 avg60=12.50 avg300=0.00 total=2000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0',
    })
    expect(environment).toMatchObject({
      powerProfile: 'low-power',
      cpuQuotaCores: 1.5,
      memory: { stalledShare: 0.125 },
    })
  })

  it('finds CPU devices that share physical cores', async () => {
    const file = 'topology/thread_siblings_list'
    const { sharedPhysicalCores } = await environmentWith(ofCores(file, ['0,2', '1,3', '0,2', '1,3']))
    expect(sharedPhysicalCores).toEqual([[0, 1]])
    expect((await environmentWith(ofCores(file, ['0-1', '0-1', '2-3', '2-3']))).sharedPhysicalCores).toEqual(
      [],
    )
  })

  it('is null where the system does not say, but for its memory', async () => {
    const environment = await environmentWith({})
    expect(environment).toEqual({
      frequencyScaling: null,
      powerProfile: null,
      onBattery: null,
      memory: { totalBytes: expect.any(Number), availableBytes: expect.any(Number), stalledShare: null },
      cpuQuotaCores: null,
      sharedPhysicalCores: null,
      gpuProblems: ['GPU 1 is lost'],
    })
    expect(environment.memory.availableBytes).toBeGreaterThan(0)
  })
})
