import { cpus } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { createSystemTree, type SystemTree } from '../test-support/system-tree.js'
import { parseCpuinfoClocks } from './clock.js'
import { createCpuMeter } from './cpu-meter.js'
import { findTemperatureFiles, readTemperatureCelsius } from './temperature.js'

const trees: SystemTree[] = []
function tree(files: Record<string, string>): SystemTree {
  const made = createSystemTree(files)
  trees.push(made)
  return made
}
afterEach(() => {
  for (const made of trees.splice(0)) made.dispose()
})

const rapl = 'sys/class/powercap/intel-rapl'

describe('the processor', () => {
  it('is measured in everything that Linux shows', () => {
    const folders = tree({
      'proc/stat': 'cpu0 100 0 0 100 0 0 0 0 0 0\n',
      'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '3500000\n',
      'sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '1500000\n',
      'sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq': '1\n',
      'sys/class/hwmon/hwmon3/name': 'coretemp\n',
      'sys/class/hwmon/hwmon3/temp1_input': '61000\n',
      'sys/class/hwmon/hwmon3/temp1_label': 'Package id 0\n',
      [`${rapl}:0/name`]: 'package-0\n',
      [`${rapl}:0/energy_uj`]: '1000000\n',
      [`${rapl}:0/max_energy_range_uj`]: '262143328850\n',
    })
    const measure = createCpuMeter(folders, 0)
    folders.write({ 'proc/stat': 'cpu0 150 0 0 150 0 0 0 0 0 0\n', [`${rapl}:0/energy_uj`]: '9000000\n' })

    expect(measure(200)).toEqual({
      cores: [0.5],
      stealShare: 0,
      powerWatts: 40,
      temperatureCelsius: 61,
      clockMegahertz: 2500,
    })
  })

  it('is measured from one reading to the next', () => {
    const folders = tree({ 'proc/stat': 'cpu0 0 0 0 0 0 0 0 0 0 0\n' })
    const measure = createCpuMeter(folders, 0)
    folders.write({ 'proc/stat': 'cpu0 10 0 0 0 0 0 0 0 0 0\n' })
    expect(measure(100).cores).toEqual([1])
    folders.write({ 'proc/stat': 'cpu0 10 0 0 10 0 0 0 0 0 0\n' })
    expect(measure(200).cores).toEqual([0])
  })

  it('has no clock, temperature and power where the system does not show them', () => {
    const measure = createCpuMeter(tree({ 'proc/stat': 'cpu0 1 0 0 1 0 0 0 0 0 0\n' }), 0)
    expect(measure(100)).toEqual({
      cores: [null],
      stealShare: null,
      powerWatts: null,
      temperatureCelsius: null,
      clockMegahertz: null,
    })
  })

  it('is measured by Node where there is no /proc', () => {
    const measure = createCpuMeter(tree({}), 0)
    expect(measure(100).cores).toHaveLength(cpus().length)
    expect(measure(200).stealShare).toBeNull()
  })
})

describe('the power of processor packages', () => {
  const counters = {
    [`${rapl}:0/name`]: 'package-0\n',
    [`${rapl}:0/energy_uj`]: '900000\n',
    [`${rapl}:0/max_energy_range_uj`]: '1000000\n',
    [`${rapl}:1/name`]: 'package-1\n',
    [`${rapl}:1/energy_uj`]: '100000\n',
    [`${rapl}:1/max_energy_range_uj`]: '1000000\n',
  }

  it('is their sum, across the end of a counter, and counts no part twice', () => {
    const folders = tree({
      ...counters,
      [`${rapl}:0:0/name`]: 'core\n',
      [`${rapl}:0:0/energy_uj`]: '0\n',
      [`${rapl}:2/name`]: 'psys\n',
      [`${rapl}:2/energy_uj`]: '0\n',
      [`${rapl}-mmio:0/name`]: 'package-0\n',
      [`${rapl}-mmio:0/energy_uj`]: '0\n',
    })
    const measure = createCpuMeter(folders, 0)
    folders.write({
      [`${rapl}:0/energy_uj`]: '100000\n',
      [`${rapl}:1/energy_uj`]: '400000\n',
      [`${rapl}:0:0/energy_uj`]: '500000\n',
      [`${rapl}:2/energy_uj`]: '500000\n',
      [`${rapl}-mmio:0/energy_uj`]: '500000\n',
    })
    // 200,000 + 300,000 microjoules in 100 ms.
    expect(measure(100).powerWatts).toBeCloseTo(5)
  })

  it('is unknown while one of them cannot be read, and known again after that', () => {
    const folders = tree(counters)
    const measure = createCpuMeter(folders, 0)
    folders.remove(`${rapl}:1/energy_uj`)
    expect(measure(100).powerWatts).toBeNull()
    folders.write({ [`${rapl}:1/energy_uj`]: '200000\n' })
    expect(measure(200).powerWatts).toBeNull()
    folders.write({ [`${rapl}:1/energy_uj`]: '300000\n' })
    expect(measure(300).powerWatts).toBeCloseTo(1)
  })
})

describe('the temperature of the processor', () => {
  const sensor = (chip: string, ...sensors: [label: string, thousandths: number][]) =>
    Object.fromEntries([
      ['sys/class/hwmon/hwmon0/name', `${chip}\n`],
      ...sensors.flatMap(([label, thousandths], index) => [
        [`sys/class/hwmon/hwmon0/temp${index + 1}_label`, `${label}\n`],
        [`sys/class/hwmon/hwmon0/temp${index + 1}_input`, `${thousandths}\n`],
      ]),
    ])

  it.each([
    ['Intel', sensor('coretemp', ['Package id 0', 50_000], ['Core 0', 70_000]), 50],
    ['AMD, without the offset of Tctl', sensor('k10temp', ['Tctl', 70_000], ['Tdie', 50_000]), 50],
    ['AMD, where there is no other', sensor('k10temp', ['Tctl', 70_000], ['Tccd1', 40_000]), 70],
    ['a sensor without labels', sensor('cpu_thermal', ['', 45_500]), 45.5],
    ['another chip', sensor('nvme', ['Composite', 45_500]), null],
  ])('comes from hwmon: %s', (_what, files, celsius) => {
    expect(readTemperatureCelsius(findTemperatureFiles(tree(files).sys))).toBe(celsius)
  })

  it('comes from a thermal zone elsewhere, the hottest of several', () => {
    const zones = 'sys/class/thermal/thermal_zone'
    const { sys } = tree({
      [`${zones}0/type`]: 'acpitz\n',
      [`${zones}0/temp`]: '90000\n',
      [`${zones}1/type`]: 'x86_pkg_temp\n',
      [`${zones}1/temp`]: '40000\n',
      [`${zones}2/type`]: 'cpu1-thermal\n',
      [`${zones}2/temp`]: '42000\n',
    })
    expect(readTemperatureCelsius(findTemperatureFiles(sys))).toBe(42)
  })
})

describe('the clocks in /proc/cpuinfo', () => {
  it('are one a core on x86 and none on ARM', () => {
    expect(parseCpuinfoClocks('processor\t: 0\ncpu MHz\t\t: 2596.150\n\ncpu MHz\t\t: 800.000\n')).toEqual([
      2596.15, 800,
    ])
    expect(parseCpuinfoClocks('processor\t: 0\nBogoMIPS\t: 50.00\n')).toEqual([])
  })
})
