import Table from 'cli-table3'
import { Command } from 'commander'
import { detectGpus } from '../../core/devices/gpus.js'
import { detectInventory } from '../../core/devices/inventory.js'
import { detectMachine, type Machine } from '../../core/devices/machine.js'
import { type ResolvedDevices, resolveDevices } from '../../core/devices/resolve.js'
import { describeEngine } from '../../core/engine/engine-text.js'
import { searchEngine } from '../../core/engine/locate.js'
import { type Device, deviceName } from '../../shared/device.js'
import { formatBytes, formatCores, formatQuantity } from '../../shared/format.js'
import { type OutputOptions, printOutcome, withJsonErrors } from './output.js'

/** `tandem devices`: what this machine has, and what a run would use without further words. */
export function devicesCommand(environment: NodeJS.ProcessEnv = process.env): Command {
  return new Command('devices')
    .description('list the processor, the GPUs and the devices that a run would use')
    .option('--json', 'print one JSON document')
    .action(
      withJsonErrors(async (options: OutputOptions) => {
        const detection = detectGpus(environment)
        const [machine, inventory, { engine }, { problems }] = await Promise.all([
          detectMachine(detection),
          detectInventory(detection),
          searchEngine({ environment }),
          detection,
        ])
        const usual = resolveDevices('auto', inventory, { cuda: engine?.flavour === 'cuda' })
        const document = { machine, allowedCores: inventory.cores, gpuProblems: problems, usual, engine }
        const text = [
          describeMachine(machine, inventory.cores, problems),
          describeDevices(usual),
          ...usual.notes,
          `Engine: ${engine === null ? 'WebAssembly (no TensorFlow found, see: tandem engine status)' : describeEngine(engine)}`,
        ]
        printOutcome(options, document, text.join('\n'))
      }),
    )
}

function describeMachine(machine: Machine, cores: readonly number[], gpuProblems: readonly string[]): string {
  const physical =
    machine.physicalCores === null ? '' : ` (${formatQuantity(machine.physicalCores, 'physical core')})`
  const table = new Table({ head: ['What', 'Here'], style: { head: [], border: [] } })
  table.push(
    ['System', `${machine.operatingSystem}, ${machine.architecture}`],
    ['Processor', machine.cpuModel],
    ['Cores', `${machine.logicalCores} logical${physical}, usable here: ${formatCores(cores)}`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ...machine.gpus.map((gpu) => [`GPU ${gpu.index}`, `${gpu.model}, ${formatBytes(gpu.memoryBytes)}`]),
    ...(machine.gpus.length + gpuProblems.length === 0 ? [['GPUs', 'no NVIDIA GPU']] : []),
    ...gpuProblems.map((problem) => ['GPUs', problem]),
    ...(machine.gpuDriverVersion === null ? [] : [['GPU driver', machine.gpuDriverVersion]]),
  )
  return table.toString()
}

function describeDevices(usual: ResolvedDevices): string {
  const table = new Table({ head: ['Device of a run', 'What it is'], style: { head: [], border: [] } })
  table.push(...usual.devices.map((device: Device) => [deviceName(device), device.description]))
  return table.toString()
}
