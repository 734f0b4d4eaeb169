import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import getPort from 'get-port'
import { RunHistory } from '../../src/core/history/run-history.js'
import { RunRecorder } from '../../src/core/history/run-recorder.js'
import { LiveTranslator } from '../../src/core/live/live-translator.js'
import { MachineFleet } from '../../src/core/machines/machine-fleet.js'
import { planMeasurements } from '../../src/core/run/measurement-plan.js'
import { MeasurementRecorder } from '../../src/core/run/measurement-recorder.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { runTrainerGroup } from '../../src/core/run/trainer-group.js'
import { trainerJobs } from '../../src/core/run/trainer-jobs.js'
import { monotonicNowMs } from '../../src/shared/clock.js'
import type { LiveEvent } from '../../src/shared/live/live-event.js'
import type { Device } from '../../src/shared/machine/device.js'
import { type Results, resultsVersion, withoutSteps } from '../../src/shared/results/results.js'
import { notebookPreset } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'
import type { RunEvent } from '../../src/shared/run/run-events.js'
import { serveToldRun } from '../dashboard/told-run.js'
import { type Order, passportOf, tandemVersion } from './order.js'

/** What this process prints, a line of JSON each. */
export type FromHost =
  | { type: 'listening'; port: number; secret: string }
  /** The run has begun; pages can look. */
  | { type: 'begun'; url: string }
  /** Every second: processor time since the run began, and memory now. */
  | { type: 'spent'; processorMs: number; memoryBytes: number }
  | { type: 'ended'; outcome: string }

const say = (what: FromHost): void => void process.stdout.write(`${JSON.stringify(what)}\n`)

const [pageFolder = '', text = ''] = process.argv.slice(2)
await host(JSON.parse(text) as Order)
process.exit(0)

/** One group of pretended trainers on all other machines, as a measurement runs it: heard, recorded, told to pages. */
async function host(order: Order): Promise<void> {
  const secret = randomBytes(32)
  const endpoint = { host: '127.0.0.1', port: await getPort({ host: '127.0.0.1' }) }
  const place = { nodes: order.machines + 1, nodeRank: 0, endpoint }
  const fleet = await MachineFleet.open({
    rendezvous: { ...place, secret, interfaceName: null, joinMs: 60_000 },
    tandemVersion,
    onNotice() {},
  })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  try {
    say({ type: 'listening', port: endpoint.port, secret: secret.toString('hex') })
    say({ type: 'ended', outcome: await measure(fleet, order, folder) })
  } finally {
    await fleet.close(null)
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(fleet: MachineFleet, order: Order, folder: string): Promise<string> {
  const configuration: RunConfiguration = {
    ...notebookPreset,
    preset: 'custom',
    strategies: ['ddp'],
    epochs: 1,
  }
  const joined = await fleet.prepare({ purpose: 'run', isOfScript: false, configuration, processes: null })
  const devices: Device[] = joined.flatMap(({ offer }, index) =>
    offer.devices.map((device) => ({ ...device, machine: index + 1 })),
  )
  const [base] = devices
  if (base === undefined) throw new Error('no machine has a device')
  const [planned] = planMeasurements({
    configuration: { ...configuration, perGpuBatchSize: 8 },
    devices: { devices, base, allCores: null },
    engines: ['tensorflow'],
  })
  if (planned === undefined) throw new Error('nothing was planned')
  const begun: Results = {
    format: 'tandem-results',
    version: resultsVersion,
    runId: '20261201-000000-0be7c4',
    startedAt: new Date().toISOString(),
    finishedAt: null,
    status: 'incomplete',
    configuration,
    warnings: [],
    environment: null,
    notes: [],
    machine: passportOf(0, order.devices),
    otherMachines: joined.map(({ offer }) => offer.passport),
    measurements: [planned],
  }
  const { runId, machine, otherMachines } = begun
  const keeper = await RunRecorder.begin(new RunHistory(folder), begun, ({ text }) => console.error(text))
  const told = await serveToldRun(pageFolder, {
    type: 'run-started',
    runId,
    startedAtMs: monotonicNowMs(),
    configuration,
    machine,
    ...(otherMachines !== undefined && { otherMachines }),
    environment: null,
    measurements: [withoutSteps(planned)],
    notes: [],
  })
  const publish = (event: LiveEvent): void => {
    keeper.record(event, monotonicNowMs())
    told.tell(event)
  }
  fleet.onSample((sample) => publish({ type: 'telemetry', samples: [sample] }))
  const translator = new LiveTranslator(monotonicNowMs)
  const follow = (event: RunEvent): void => translator.translate(event).forEach(publish)
  const recorder = new MeasurementRecorder(planned, { epochs: 1 }, follow)
  follow({ type: 'measurement-started', measurement: planned, epochs: 1 })
  say({ type: 'begun', url: told.url })
  const before = process.cpuUsage()
  const watching = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    say({ type: 'spent', processorMs: (user + system) / 1000, memoryBytes: process.memoryUsage().rss })
  }, 1_000)
  const nobodyHere = (): never => {
    throw new Error('no trainer is on this machine')
  }
  const input = {
    runId,
    configuration,
    backends: [{ name: 'wasm' as const }],
    data: { kind: 'synthetic' as const, trainSamples: 1, testSamples: 1 },
  }
  const outcome = await runTrainerGroup({
    jobs: trainerJobs({ ...planned, backend: 'wasm' }, input, null),
    host: {
      spawn: nobodyHere,
      spawnCommand: nobodyHere,
      entry: '',
      environment: {},
      logDirectory: null,
      timeouts: defaultTimeouts,
      machines: fleet,
    },
    signal: new AbortController().signal,
    onMessage: (rank, message) => recorder.record(rank, message),
    onAllReady() {},
  })
  clearInterval(watching)
  await keeper.end()
  return outcome.kind
}
