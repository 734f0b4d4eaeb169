import { deviceKinds } from '../domain/device-kinds.js'
import { engineText } from '../domain/engines.js'
import { isOnAllCores } from '../domain/measurement-ids.js'
import { type SettingName, settingNames, settingOf } from '../domain/settings/settings.js'
import { strategies } from '../domain/strategies.js'
import type { MeasurementSummary } from '../results/results.js'
import { formatBytes, formatCount, formatList, formatQuantity } from '../text/format.js'
import { type ComparedRun, completedMeasurements } from './compared-run.js'

/** Something about a run that two runs may differ in. */
export interface RunFact {
  group: 'settings' | 'machine'
  /** `Batch per device` */
  what: string
  /** Whether images/s can differ for it. */
  matters: boolean
  /** Null where the run does not say. */
  of(run: ComparedRun): string | null
}

/**
 * In the order in which a reader would ask. What a setting left open is told as it turned out, and such settings are
 * silent themselves.
 */
export const runFacts: readonly RunFact[] = [
  speed('settings', 'Engine', (run) => distinct(run, engineText)),
  speed('settings', 'Device', (run) => distinct(run, device)),
  speed('settings', 'Devices of DP and DDP', (run) => distinct(run, deviceCount)),
  speed('settings', 'Gradient exchange', (run) => distinct(run, exchange)),
  ...settingNames.flatMap(settingFacts),
  speed('machine', 'Processor', ({ machine }) => machine.cpuModel),
  speed('machine', 'Cores', ({ machine: { logicalCores, physicalCores } }) =>
    physicalCores === null ? `${logicalCores} logical` : `${logicalCores} logical, ${physicalCores} physical`,
  ),
  speed('machine', 'GPUs', ({ machine: { gpus } }) =>
    gpus.length === 0 ? 'none' : formatList(gpus.map(({ model }) => model)),
  ),
  speed('machine', 'GPU driver', ({ machine }) => machine.gpuDriverVersion ?? 'none'),
  speed('machine', 'System', ({ machine }) => `${machine.operatingSystem}, ${machine.architecture}`),
  speed('machine', 'Tandem', ({ machine }) => machine.tandemVersion),
  speed('machine', 'Node', ({ machine }) => machine.nodeVersion),
  other('machine', 'Memory', ({ machine }) => formatBytes(machine.memoryBytes)),
  other('machine', 'Host', ({ machine }) => machine.hostName),
]

function settingFacts(name: SettingName): RunFact[] {
  const { label, input, difference, compared = input.format } = settingOf(name)
  if (difference === 'silent') return []
  const of: RunFact['of'] = ({ configuration }) => compared(configuration[name])
  return [{ group: 'settings', what: label, matters: difference !== 'told', of }]
}

function speed(group: RunFact['group'], what: string, of: RunFact['of']): RunFact {
  return { group, what, matters: true, of }
}

function other(group: RunFact['group'], what: string, of: RunFact['of']): RunFact {
  return { group, what, matters: false, of }
}

/** What the completed measurements say of themselves, each once. */
function distinct(run: ComparedRun, of: (measurement: MeasurementSummary) => string | null): string | null {
  const said = new Set(completedMeasurements(run).flatMap((measurement) => of(measurement) ?? []))
  return said.size === 0 ? null : formatList([...said].sort())
}

/** Not Single's on all cores, which is none of those that the others have. */
function device({ id, devices: [first] }: MeasurementSummary): string | null {
  if (first === undefined || isOnAllCores({ id })) return null
  const { title } = deviceKinds[first.kind]
  return first.cores.length === 0 ? title : `${title}, ${formatQuantity(first.cores.length, 'core')}`
}

function deviceCount({ strategy, devices }: MeasurementSummary): string | null {
  return strategies[strategy].isBase ? null : formatCount(devices.length)
}

/** `shared memory`, without where it lies and how much of it there is. */
function exchange({ collective }: MeasurementSummary): string | null {
  return collective === null ? null : (collective.split(',')[0] as string)
}
