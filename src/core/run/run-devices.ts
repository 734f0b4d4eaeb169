import { baseStrategy, strategies } from '../../shared/domain/strategies.js'
import { TandemError } from '../../shared/errors.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { formatQuantity } from '../../shared/text/format.js'
import {
  type ComputeInventory,
  type ResolvedDevices,
  resolveDevices,
  usableCores,
} from '../devices/resolve.js'

/**
 * The devices of a run: those that were asked for by name, else as many as it has processes, or as its sweep needs.
 *
 * Throws as `resolveDevices`, `devices-unavailable` where there are not as many, and `usage` for a sweep from one device
 * on without the strategy that is measured there.
 */
export function resolveRunDevices(
  configuration: RunConfiguration,
  inventory: ComputeInventory,
  engine: { cuda: boolean },
  processes: number | undefined,
): ResolvedDevices {
  const request = deviceRequest(configuration, inventory, engine, processes)
  const resolved = resolveDevices(request, inventory, engine)
  const wanted = wantedDevices(configuration, processes)
  if (wanted === null) return resolved
  const count = resolved.devices.length
  if (wanted.isSweep) assertBaseOfSweep(configuration)
  if (wanted.isSweep ? count >= wanted.count : count === wanted.count) {
    return { ...resolved, devices: resolved.devices.slice(0, wanted.count) }
  }
  throw unavailable(
    wanted,
    `needs ${formatQuantity(wanted.count, 'device')}; --devices ${request} is ${count}`,
    wanted.isSweep
      ? 'Name more devices, or fewer numbers.'
      : 'Name as many devices as processes, or leave --devices out.',
  )
}

/**
 * Throws `devices-unavailable` for a sweep beyond the devices that all machines have together, and `usage` as
 * `resolveRunDevices` does.
 */
export function assertSweepFits(configuration: RunConfiguration, count: number): void {
  const wanted = wantedDevices(configuration, undefined)
  if (wanted === null) return
  assertBaseOfSweep(configuration)
  if (count >= wanted.count) return
  throw unavailable(
    wanted,
    `needs ${formatQuantity(wanted.count, 'device')}; all machines together have ${count}`,
    'Name fewer numbers, or more devices on each machine.',
  )
}

/** Throws for devices that this machine does not have, whatever the engine. */
export function assertDevices(
  configuration: RunConfiguration,
  inventory: ComputeInventory,
  processes: number | undefined,
): void {
  if (configuration.devices !== 'auto') resolveDevices(configuration.devices, inventory, { cuda: true })
  else if (inventory.gpus.length === 0) deviceRequest(configuration, inventory, { cuda: false }, processes)
}

/** How many devices a run needs, where that was not said by naming them. */
interface WantedDevices {
  count: number
  isSweep: boolean
  /** As it was typed. */
  flag: string
}

function wantedDevices({ sweep }: RunConfiguration, processes: number | undefined): WantedDevices | null {
  if (processes !== undefined) {
    return { count: processes, isSweep: false, flag: `--nproc-per-node ${processes}` }
  }
  return typeof sweep === 'boolean'
    ? null
    : { count: Math.max(...sweep), isSweep: true, flag: `--sweep ${sweep.join(',')}` }
}

/**
 * Demanding GPUs is asking for them: `auto` must not settle for CPU devices then. A number of devices that is needed is
 * taken of the GPUs where there are enough, else of CPU devices.
 */
function deviceRequest(
  configuration: RunConfiguration,
  inventory: ComputeInventory,
  engine: { cuda: boolean },
  processes: number | undefined,
): string {
  const { cores, gpus } = inventory
  const { devices, requireGpu } = configuration
  const wanted = wantedDevices(configuration, processes)
  if (wanted === null) return devices === 'auto' && requireGpu && gpus.length > 0 ? 'gpu' : devices
  const { count } = wanted
  if (devices === 'cpu' && wanted.isSweep && count <= cores.length) return `cpu:${count}`
  if (devices !== 'auto') return devices
  if (engine.cuda && gpus.length >= count) {
    const indexes = gpus.slice(0, count).map((gpu) => gpu.index)
    return `gpu:${indexes.join(',')}`
  }
  const each = `each ${wanted.isSweep ? 'device is one' : 'process needs one'} of its own`
  if (engine.cuda && gpus.length > 0) {
    const problem = `this machine has ${formatQuantity(gpus.length, 'GPU')}; ${each}`
    throw unavailable(wanted, problem, `For CPU devices add: --devices cpu:${count}`)
  }
  if (count > cores.length) {
    const has = `${usableCores(inventory)}, and ${formatQuantity(gpus.length, 'GPU')}`
    throw unavailable(wanted, `${has}; ${each}`, 'See what there is with: tandem devices')
  }
  return `cpu:${count}`
}

/** One device of a sweep is the base's: it is not measured on it by the others too. */
function assertBaseOfSweep({ sweep, strategies: chosen }: RunConfiguration): void {
  if (typeof sweep === 'boolean' || !sweep.includes(1) || chosen.includes(baseStrategy)) return
  const { title } = strategies[baseStrategy]
  const problem = `one device is ${title}, which is not among the strategies`
  throw new TandemError({
    code: 'usage',
    message: `--sweep ${sweep.join(',')}: ${problem}`,
    hint: `Add ${title} to the strategies, or leave 1 out.`,
    setting: { name: 'sweep', problem },
  })
}

function unavailable({ flag, isSweep }: WantedDevices, problem: string, hint: string): TandemError {
  return new TandemError({
    code: 'devices-unavailable',
    message: `${flag}: ${problem}`,
    hint,
    ...(isSweep && { setting: { name: 'sweep', problem } }),
  })
}
