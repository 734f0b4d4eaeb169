import { formatList } from '../../text/format.js'
import type { Finding } from '../finding.js'
import type { JudgedRun, Rule } from '../judged-run.js'

/** Governors that keep clocks low whatever the load. With the drivers below `powersave` is the usual one, and means no such thing. */
export const slowGovernors = ['powersave', 'conservative']

/** Drivers whose processor chooses its clock itself: there `powersave` only says that it may, and the preference how. */
export const hardwareDrivers = ['intel_pstate', 'amd-pstate-epp', 'amd_pstate_epp']

/** What such a processor is told when it is to save power. */
export const slowPreferences = ['power', 'balance_power']

/** Profiles of the firmware that save power, as the kernel names them. */
export const slowProfiles = ['low-power', 'quiet', 'cool']

/** Settings of the machine that keep clocks low. */
export const powerSaving: Rule = ({ environment, results }) => {
  const settings = slowSettings(environment)
  if (settings.length === 0) return []
  // A GPU sets its own clock; the processor still feeds it.
  const onGpus = results.every(({ devices }) => devices.every(({ kind }) => kind === 'gpu'))
  const message = `The machine is set to save power: ${formatList(settings)}. Choose performance for measurements.`
  return [{ code: 'power-saving', severity: onGpus ? 'note' : 'warning', strategies: [], message }]
}

/** Laptops slow down on a battery, by rules of their own. */
export const onBattery: Rule = ({ environment }) => {
  if (environment?.onBattery !== true) return []
  const message =
    'The machine ran on battery, and most machines slow down then. Plug it in and measure again.'
  return [{ code: 'on-battery', severity: 'warning', strategies: [], message }]
}

/** CPU devices that are threads of the same cores: no fault, and a reason why N are not N times as fast. */
export const sharedCores: Rule = ({ environment }) => {
  const groups = environment?.sharedPhysicalCores ?? []
  return groups.map((group): Finding => {
    const names = formatList(group.map((index) => `CPU:${index}`))
    const message = `${names} are hardware threads of the same physical cores, so they share its execution units: their speedup cannot come near their number.`
    return { code: 'shared-cores', severity: 'note', strategies: [], message }
  })
}

/** What keeps clocks low, in words. */
export function slowSettings(environment: JudgedRun['environment']): string[] {
  const { drivers = [], governors = [], energyPreferences = [] } = environment?.frequencyScaling ?? {}
  const inHardware = drivers.some((driver) => hardwareDrivers.includes(driver))
  const profile = environment?.powerProfile ?? ''
  return [
    ...(inHardware
      ? []
      : governors.filter((governor) => slowGovernors.includes(governor)).map((name) => `governor ${name}`)),
    ...(inHardware
      ? energyPreferences
          .filter((preference) => slowPreferences.includes(preference))
          .map((name) => `energy preference ${name}`)
      : []),
    ...(slowProfiles.includes(profile) ? [`power profile ${profile}`] : []),
  ]
}
