import Table from 'cli-table3'
import { Command } from 'commander'
import { detectGpus } from '../../core/devices/gpus.js'
import { detectInventory } from '../../core/devices/inventory.js'
import { detectMachine, type Machine } from '../../core/devices/machine.js'
import { type ResolvedDevices, resolveDevices } from '../../core/devices/resolve.js'
import { describeEngine } from '../../core/engine/engine-text.js'
import { searchEngine } from '../../core/engine/locate.js'
import { findPyTorch, type PyTorch } from '../../core/engine/pytorch/find-pytorch.js'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { type Device, deviceName } from '../../shared/machine/device.js'
import { formatBytes, formatCores, formatQuantity } from '../../shared/text/format.js'
import { type OutputOptions, printOutcome, withJsonErrors } from './output.js'

/** `tandem devices`: what this machine has, and what a run would use without further words. */
export function devicesCommand(environment: NodeJS.ProcessEnv, resourcesDirectory: string): Command {
  return new Command('devices')
    .description('list the processor, the GPUs and the devices that a run would use')
    .option('--python <file>', 'a Python that has PyTorch (default: the activated one, else the one on PATH)')
    .option('--json', 'print one JSON document')
    .action(
      withJsonErrors(async ({ python, ...options }: OutputOptions & { python?: string }) => {
        const detection = detectGpus(environment)
        const [machine, inventory, { engine }, { problems }, pytorch] = await Promise.all([
          detectMachine(detection),
          detectInventory(detection),
          searchEngine({ environment }),
          detection,
          findPyTorch({ python, environment, resourcesDirectory }).catch(toErrorReport),
        ])
        const usual = resolveDevices('auto', inventory, { cuda: engine?.flavour === 'cuda' })
        const document = {
          machine,
          allowedCores: inventory.cores,
          gpuProblems: problems,
          usual,
          engine,
          pytorch,
        }
        const text = [
          describeMachine(machine, inventory.cores, problems),
          describeDevices(usual),
          ...usual.notes,
          `Engine: ${engine === null ? 'WebAssembly (no TensorFlow found, see: tandem engine status)' : describeEngine(engine)}`,
          `With --backend pytorch: ${describePyTorch(pytorch)}`,
        ]
        printOutcome(options, document, text.join('\n'))
      }),
    )
}

/** What a run would take, or what is missing and how to get it. */
function describePyTorch(found: PyTorch | ErrorReport): string {
  if ('code' in found) return `${found.message.replace('--backend pytorch: ', '')}. ${found.hint}`
  const { version, cudaVersion, pythonVersion, source, python } = found
  const kind = cudaVersion === null ? 'CPU' : `CUDA ${cudaVersion}`
  return `PyTorch ${version} for ${kind} (Python ${pythonVersion} from ${source}: ${python})`
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
