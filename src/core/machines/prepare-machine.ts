import { join } from 'node:path'
import type {
  CollectiveJob,
  DataSource,
  TrainerBackend,
  TrainerJob,
} from '../../shared/child/trainer-protocol.js'
import { type EngineName, engines as engineTable } from '../../shared/domain/engines.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { cacheFolder } from '../cache-folder.js'
import { detectGpus } from '../devices/gpus.js'
import { detectInventory } from '../devices/inventory.js'
import { detectMachine } from '../devices/machine.js'
import { type ChosenEngine, chooseEngines, type EngineChoice } from '../run/choose-engine.js'
import { passportOf, readableByAll } from '../run/engine-needs.js'
import { type DataOptions, resolveData } from '../run/resolve-data.js'
import { resolveRunDevices } from '../run/run-devices.js'
import { withProgram } from '../run/trainer-jobs.js'
import type { PreparedMachine } from './agent-programs.js'
import type { RunWishOfHost } from './agent-protocol.js'
import { dataChecksum } from './data-checksum.js'
import { ownAddressTowards } from './network-interface.js'
import { readLink } from './read-link.js'

/** What a machine takes of its own, whatever the host's is. */
export interface OwnChoices {
  dataDir: string | null
  /** Null takes the host's words for this machine. */
  devices: string | null
  interfaceName: string | null
}

export interface MachineOptions extends Omit<EngineChoice, 'onMissingEngine'>, Omit<DataOptions, 'download'> {
  tandemVersion: string
  own: OwnChoices
}

/**
 * Finds what this machine has for a run that another one plans: its engines, devices and data, all by its own search.
 *
 * Throws as `prepareRun` does for what is missing here, and `interface-unknown`.
 */
export async function prepareMachine(wish: RunWishOfHost, options: MachineOptions): Promise<PreparedMachine> {
  const { own, environment, tandemVersion } = options
  const isPlan = wish.purpose === 'plan'
  const configuration: RunConfiguration = {
    ...wish.configuration,
    dataDir: wish.configuration.dataset === 'cifar10' ? own.dataDir : null,
    devices: own.devices ?? wish.configuration.devices,
    // Numbers of devices in a sweep are over all machines.
    sweep: false,
  }
  const detection = detectGpus(environment)
  const [inventory, machine, route] = await Promise.all([
    detectInventory(detection),
    detectMachine(detection),
    ownAddressTowards(wish.hostAddress, own.interfaceName),
  ])
  const engines = await chooseEngines(configuration, options)
  const { source, trainSamples, testSamples } = await resolveData(configuration, {
    ...options,
    download: isPlan ? 'never' : 'if-needed',
  })
  const cuda = engines.every((engine) => engine.cuda)
  const { devices, notes } = resolveRunDevices(
    configuration,
    inventory,
    { cuda },
    wish.processes ?? undefined,
  )
  const data = await readableByAll(source, engines, environment)
  return {
    offer: {
      passport: {
        ...machine,
        tandemVersion,
        nodeVersion: process.versions.node,
        ...passportOf(engines),
        link: await readLink(route.interfaceName),
      },
      engines: engines.map((engine) => ({
        name: engine.backend.name,
        version: engineVersion(engine),
        cuda: engine.cuda,
      })),
      devices,
      data: {
        trainSamples,
        testSamples,
        checksum: isPlan ? null : await dataChecksum(source, options.signal),
      },
      ...route,
      notes,
    },
    ownJob: (job) =>
      ownJob(job, {
        backends: engines.map(({ backend }) => backend),
        devices,
        data,
        interfaceName: route.interfaceName,
        cacheDirectory: cacheFolder(environment),
      }),
  }
}

/** Null for one that ships with Tandem, and where only loading it would tell. */
export function engineVersion({ tensorflowVersion, pytorch }: ChosenEngine): string | null {
  return pytorch?.version ?? tensorflowVersion
}

interface OwnMeans {
  backends: readonly TrainerBackend[]
  devices: readonly Device[]
  data: DataSource
  interfaceName: string
  cacheDirectory: string
}

/**
 * A job of the host's as this machine does it: program, engine, data and folders are this machine's, its devices are those
 * that it offered, and ranks meet over the network. No path and no command comes from the wire.
 */
export function ownJob(job: TrainerJob, means: OwnMeans): TrainerJob {
  const backend = means.backends.find(({ name }) => name === job.backend.name)
  if (backend === undefined)
    throw notAgreed(`the engine ${engineTable[job.backend.name as EngineName].title}`)
  if (job.script !== undefined) throw notAgreed('a script')
  const devices = ownDevices(job, means.devices)
  const { autotune } = job
  assertOverNetwork(job.collective)
  const { program, ...rest } = job
  const own: TrainerJob = {
    ...rest,
    backend,
    devices,
    data: means.data,
    initialWeightsDirectory: join(means.cacheDirectory, 'initial-weights'),
    ...(autotune && { autotune: { ...autotune, cacheDirectory: join(means.cacheDirectory, 'autotune') } }),
  }
  return withProgram(own, job.pytorch ?? notebookPreset, means.interfaceName)
}

/** The devices of a job as this machine has them. Throws for one that it did not offer. */
export function ownDevices(job: TrainerJob, offered: readonly Device[]): Device[] {
  return job.devices.map((wanted) => {
    const device = offered.find(({ kind, index }) => kind === wanted.kind && index === wanted.index)
    if (device === undefined) throw notAgreed(`device ${wanted.index}`)
    return { ...device, ...(wanted.machine !== undefined && { machine: wanted.machine }) }
  })
}

/** Throws for an exchange that would take place in files whose paths came from the wire. */
function assertOverNetwork(collective: CollectiveJob | null): void {
  if (collective === null) return
  switch (collective.kind) {
    case 'torch-network':
    case 'tensorflow':
      return
    case 'shared-memory':
    case 'files':
    case 'torch':
      throw notAgreed(`an exchange by ${collective.kind}`)
    default:
      assertNever(collective, 'kind of collective')
  }
}

export function notAgreed(what: string): TandemError {
  return new TandemError({
    code: 'not-agreed',
    message: `node 0 asked for ${what}, which this machine did not offer`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
