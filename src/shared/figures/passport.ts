import { pytorchFacts } from '../child/pytorch-facts.js'
import { settingNames, settingOf } from '../domain/settings/settings.js'
import { linkText } from '../machine/link.js'
import type { MachinePassport } from '../results/results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import { scriptSettings } from '../script/script-text.js'
import { formatBytes, formatQuantity } from '../text/format.js'

/** Something about a run, and its value as people read it. */
export type Fact = readonly [what: string, value: string]

/** The machine: what a reader elsewhere must know to judge the figures. */
export function machineFacts(machine: MachinePassport): Fact[] {
  const physical =
    machine.physicalCores === null ? '' : `, ${formatQuantity(machine.physicalCores, 'physical core')}`
  return [
    ['Host', machine.hostName],
    ['System', `${machine.operatingSystem}, ${machine.architecture}`],
    ['Processor', machine.cpuModel],
    ['Cores', `${formatQuantity(machine.logicalCores, 'logical core')}${physical}`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ...(machine.gpus.length === 0
      ? ([['GPUs', 'none']] as const)
      : machine.gpus.map(
          ({ index, model, memoryBytes }): Fact => [`GPU ${index}`, `${model}, ${formatBytes(memoryBytes)}`],
        )),
    ['GPU driver', machine.gpuDriverVersion ?? 'none'],
    ['TensorFlow', machine.tensorflowVersion ?? 'none'],
    ...pytorchFacts(machine),
    ...(machine.link === undefined ? [] : ([['Link', linkText(machine.link)]] as const)),
    ['Tandem', machine.tandemVersion],
    ['Node', machine.nodeVersion],
  ]
}

/** Every setting that is a value: what switches say is seen in what was measured. */
export function settingFacts(configuration: RunConfiguration): Fact[] {
  const { script, repeats, seed } = configuration
  if (script !== undefined) {
    return [...scriptSettings(script), ['Repeats', String(repeats)], ['Seed', String(seed)]]
  }
  return settingNames.flatMap((name): Fact[] => {
    const { label, input } = settingOf(name)
    const value = configuration[name]
    if (input.control === 'switch' || (name === 'dataDir' && value === null)) return []
    return [[label, input.format(value)]]
  })
}
