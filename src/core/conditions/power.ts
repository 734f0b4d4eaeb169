import { join } from 'node:path'
import { battery } from 'systeminformation'
import { z } from 'zod'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { listFolder, readText } from './system-files.js'

/** The profile that the firmware follows, as the kernel names it (`platform_profile`); null where it has none. */
export async function readPowerProfile({ sys }: SystemFolders): Promise<string | null> {
  return (await readText(join(sys, 'firmware', 'acpi', 'platform_profile'))) || null
}

/** Whether the machine draws from its battery. Null where the system does not say. */
export async function readOnBattery(
  folders: SystemFolders,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean | null> {
  return platform === 'linux' ? await readLinuxBattery(folders) : await askForBattery()
}

/**
 * By the kernel's class `power_supply`: a battery of the system itself that discharges. systeminformation looks for an
 * adapter under two of its many names, and takes a full battery without them for one that is in use.
 */
async function readLinuxBattery({ sys }: SystemFolders): Promise<boolean | null> {
  const root = join(sys, 'class', 'power_supply')
  const supplies = await Promise.all(
    (await listFolder(root)).map(async (name) => {
      const [type, scope, status] = await Promise.all(
        ['type', 'scope', 'status'].map((file) => readText(join(root, name, file))),
      )
      return { type, scope, status }
    }),
  )
  // A mouse has one too.
  const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device')
  if (batteries.length === 0) return supplies.length === 0 ? null : false
  return batteries.some(({ status }) => status === 'Discharging')
}

const batterySchema = z.object({ hasBattery: z.boolean(), acConnected: z.boolean() })

async function askForBattery(): Promise<boolean | null> {
  const answer = batterySchema.safeParse(await battery()).data
  return answer === undefined ? null : answer.hasBattery && !answer.acConnected
}
