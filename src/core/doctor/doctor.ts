import type { Check, CheckStep, DoctorReport } from '../../shared/doctor/doctor-report.js'
import { outcomeOf } from '../../shared/doctor/doctor-report.js'
import { type EngineName, engineNames } from '../../shared/domain/engines.js'
import { systemFolders } from '../../shared/machine/system-folders.js'
import { formatBytes } from '../../shared/text/format.js'
import { childEnvironment, type SpawnChild } from '../child/child-program.js'
import { spawnSocketChild } from '../child/socket-child.js'
import { readEnvironment } from '../conditions/environment.js'
import { detectGpus, type GpuDetection } from '../devices/gpus.js'
import { detectInventory } from '../devices/inventory.js'
import { detectMachine, type Machine } from '../devices/machine.js'
import { sweepCollectiveFiles } from '../run/collective-files.js'
import { defaultTimeouts } from '../run/timeouts.js'
import { defaultTelemetryLimits } from '../telemetry/telemetry-limits.js'
import { Checklist } from './checklist.js'
import { type EngineContext, engineDoctors } from './engine-doctors.js'
import {
  checkDetection,
  checkDriver,
  checkGpuLimits,
  checkGpuPower,
  checkNvml,
  takeGpuTelemetry,
} from './gpu-checks.js'
import { machineChecks } from './machine-checks.js'
import { benchmarksUnderWay, busyCores } from './other-work.js'
import { namesHere, withoutNames } from './without-names.js'

export interface DoctorOptions {
  tandemVersion: string
  environment: NodeJS.ProcessEnv
  spawn: SpawnChild
  /** The built programs. */
  trainerEntry: string
  samplerEntry: string
  engineCheckEntry: string
  resourcesDirectory: string
  tensorflowDirectory?: string | undefined
  /** A Python that someone named for PyTorch. */
  python?: string | undefined
  /** All where left out. */
  engines?: readonly EngineName[]
  signal: AbortSignal
  onCheck(check: Check): void
  onCurrent(steps: CheckStep[]): void
}

const samplerLimitMs = 10_000
/** In a run a trainer may load for minutes; here somebody waits. */
const impatience = { readyMs: 60_000, silenceMs: 60_000, collectiveMs: 30_000 }

/**
 * Proves what this machine can do, step by step: the machine, its GPUs, and each engine that is there. Never rejects, and
 * leaves nothing behind. What it finds is without names of people and hosts.
 */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const { environment, signal } = options
  const startedAtMs = performance.now()
  const startedAt = new Date().toISOString()
  const names = namesHere(environment)
  const clean = (check: Check): Check => nameless(check, (text) => withoutNames(text, names))
  const checklist = new Checklist(
    { onCheck: (check) => options.onCheck(clean(check)), onCurrent: options.onCurrent },
    signal,
  )
  const detection = await examineGpus(checklist, options)
  const found = Promise.resolve(detection)
  const [inventory, machine] = await Promise.all([detectInventory(found), detectMachine(found)])
  await examineMachine(checklist, inventory, machine, environment)
  const context: EngineContext = {
    environment,
    resourcesDirectory: options.resourcesDirectory,
    tensorflowDirectory: options.tensorflowDirectory,
    python: options.python,
    inventory,
    checkHost: {
      spawn: options.spawn,
      spawnCommand: spawnSocketChild,
      entry: options.engineCheckEntry,
      environment: childEnvironment(environment),
    },
    trainerHost: {
      spawn: options.spawn,
      spawnCommand: spawnSocketChild,
      entry: options.trainerEntry,
      environment: childEnvironment(environment),
      logDirectory: null,
      timeouts: { ...defaultTimeouts, ...impatience },
    },
  }
  await sweepCollectiveFiles(2 * impatience.readyMs)
  for (const name of options.engines ?? engineNames) {
    if (!signal.aborted) await engineDoctors[name](checklist, context)
  }
  const checks = checklist.checks.map(clean)
  return {
    format: 'tandem-doctor',
    version: 1,
    tandemVersion: options.tandemVersion,
    nodeVersion: process.versions.node,
    machine: describeMachine(machine).map((line) => withoutNames(line, names)),
    startedAt,
    seconds: (performance.now() - startedAtMs) / 1000,
    outcome: signal.aborted ? 'cancelled' : outcomeOf(checks),
    checks,
  }
}

async function examineMachine(
  checklist: Checklist,
  { cores, gpus }: EngineContext['inventory'],
  { logicalCores }: Machine,
  hostEnvironment: NodeJS.ProcessEnv,
): Promise<void> {
  const [environment, benchmarks] = await Promise.all([
    readEnvironment([]),
    benchmarksUnderWay(hostEnvironment),
  ])
  const machine = {
    folders: systemFolders,
    sharedMemoryFolder: '/dev/shm',
    platform: process.platform,
    devices: gpus.length >= 2 ? gpus.length : Math.min(2, cores.length),
    hasGpus: gpus.length > 0,
    allowedCores: cores,
    logicalCores,
    environment,
    benchmarks,
    busyCores,
  }
  for (const { id, title, run } of machineChecks) {
    await checklist.make({ id: `machine.${id}`, group: 'This machine', title }, () => run(machine))
  }
}

async function examineGpus(
  checklist: Checklist,
  { spawn, samplerEntry, environment }: DoctorOptions,
): Promise<GpuDetection> {
  const group = 'GPUs'
  let gpus: GpuDetection = { gpus: [], driverVersion: null, problems: [] }
  const make = (id: string, title: string, check: Parameters<Checklist['make']>[1]) =>
    checklist.make({ id: `gpus.${id}`, group, title }, check)
  await make('detection', 'nvidia-smi', async () => {
    gpus = await detectGpus(environment)
    return checkDetection(gpus)
  })
  await make('driver', 'Driver', async () => checkDriver(gpus))
  const host = {
    spawn,
    entry: samplerEntry,
    environment: childEnvironment(environment),
    intervalMs: 250,
    limits: defaultTelemetryLimits,
  }
  let telemetry: Awaited<ReturnType<typeof takeGpuTelemetry>> = {
    ready: null,
    sample: null,
    problem: 'not asked',
  }
  await make('nvml', 'NVML and telemetry', async () => {
    telemetry = await takeGpuTelemetry(host, samplerLimitMs)
    return checkNvml(gpus, telemetry)
  })
  await make('power', 'Clocks and power of GPUs', async () => checkGpuPower(telemetry))
  await make('limits', 'Power caps and application clocks', () => checkGpuLimits(gpus, environment))
  return gpus
}

function describeMachine(machine: Machine): string[] {
  const { operatingSystem, architecture, cpuModel, logicalCores, memoryBytes, gpus } = machine
  return [
    `${operatingSystem}, ${architecture}`,
    `${cpuModel}, ${logicalCores} logical cores, ${formatBytes(memoryBytes)}`,
    gpus.length === 0 ? 'no usable NVIDIA GPU' : gpus.map(({ model }) => model).join(', '),
  ]
}

function nameless(check: Check, clean: (text: string) => string): Check {
  const { found, advice, table } = check
  return {
    ...check,
    found: clean(found),
    advice: advice === null ? null : clean(advice),
    ...(table && { table: { head: table.head, rows: table.rows.map((row) => row.map(clean)) } }),
  }
}
