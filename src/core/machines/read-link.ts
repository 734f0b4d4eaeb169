import { join } from 'node:path'
import type { Link } from '../../shared/machine/link.js'
import { type SystemFolders, systemFolders } from '../../shared/machine/system-folders.js'
import { listFolder, readText } from '../conditions/system-files.js'
import { answerWithin } from '../within.js'

const patienceMs = 1_000

/** A VLAN on a bond on a bridge: nobody goes deeper. */
const mostLevels = 4

/** Linux's number for InfiniBand (`ARPHRD_INFINIBAND`). */
const infinibandType = '32'

const unknownElsewhere = 'only Linux says it'

/**
 * What Linux says that a network interface carries: `speed` below /sys/class/net, as ethtool shows it, or InfiniBand's
 * `rate`. A VLAN has the speed of what it lies on. What is virtual through and through, such as a container's `eth0`, has
 * none: its driver makes one up. Reads nothing outside `folders.sys`, and gives up after a second.
 */
export async function readLink(interfaceName: string, folders: SystemFolders = systemFolders): Promise<Link> {
  const found = isName(interfaceName)
    ? await answerWithin(patienceMs, () => readInterface(interfaceName, folders, mostLevels))
    : null
  return {
    interfaceName: interfaceName.slice(0, 64),
    ...(found ?? { bitsPerSecond: null, note: unknownElsewhere }),
  }
}

type Speed = Omit<Link, 'interfaceName'>

/** The names that Linux takes: they are a folder's, too. */
function isName(text: string): boolean {
  return /^[^/\s]{1,15}$/.test(text) && text !== '.' && text !== '..'
}

async function readInterface(name: string, folders: SystemFolders, levels: number): Promise<Speed | null> {
  const folder = join(folders.sys, 'class', 'net', name)
  const entries = await listFolder(folder)
  if (entries.length === 0) return null
  const infiniband = await readInfiniband(folder)
  if (infiniband !== null) return infiniband
  const lower = entries.filter((entry) => entry.startsWith('lower_')).map((entry) => entry.slice(6))
  if (entries.includes('device') || lower.length > 1) {
    const bitsPerSecond = megabits(await readText(join(folder, 'speed')))
    return { bitsPerSecond, note: bitsPerSecond === null ? 'its driver does not say, or it is down' : null }
  }
  const [only] = lower
  if (only === undefined || !isName(only) || levels === 0) return { bitsPerSecond: null, note: 'virtual' }
  return await readInterface(only, folders, levels - 1)
}

/** -1, or the same without its sign, stands for unknown. */
function megabits(text: string | null): number | null {
  const speed = /^\d{1,7}$/.test(text ?? '') ? Number(text) : 0
  return speed > 0 ? speed * 1e6 : null
}

/** `100 Gb/sec (4X EDR)` of the port that the interface is on; null where it has none. */
async function readInfiniband(folder: string): Promise<Speed | null> {
  const [device] = await listFolder(join(folder, 'device', 'infiniband'))
  const [type, port, speed] = await Promise.all(
    ['type', 'dev_port', 'speed'].map((name) => readText(join(folder, name))),
  )
  if (device === undefined || (type !== infinibandType && megabits(speed ?? null) !== null)) return null
  const number = /^\d{1,3}$/.test(port ?? '') ? Number(port) + 1 : 1
  const rate = await readText(join(folder, 'device', 'infiniband', device, 'ports', String(number), 'rate'))
  const [, gigabits, name] = /^(\d+(?:\.\d+)?) Gb\/sec(?: \(([\w. ]{1,40})\))?$/.exec(rate ?? '') ?? []
  if (gigabits === undefined || Number(gigabits) <= 0) return null
  return {
    bitsPerSecond: Number(gigabits) * 1e9,
    note: ['InfiniBand', ...(name === undefined ? [] : [name])].join(', '),
  }
}
