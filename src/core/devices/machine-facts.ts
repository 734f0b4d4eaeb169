import type { MachineFacts } from '../../shared/machine/machine-facts.js'
import { detectGpus } from './gpus.js'
import { detectInventory } from './inventory.js'
import { detectMachine } from './machine.js'
import { resolveDevices } from './resolve.js'

/** Looks at this machine. Never throws: what cannot be found out is null. */
export async function detectMachineFacts(
  environment: NodeJS.ProcessEnv,
  engine: { cuda: boolean },
): Promise<MachineFacts> {
  const detection = detectGpus(environment)
  const [machine, inventory, { problems }] = await Promise.all([
    detectMachine(detection),
    detectInventory(detection),
    detection,
  ])
  const { devices, notes } = resolveDevices('auto', inventory, engine)
  return { machine, allowedCores: [...inventory.cores], gpuProblems: problems, devices, notes }
}
