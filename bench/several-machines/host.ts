import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import getPort from 'get-port'
import { LiveTranslator } from '../../src/core/live/live-translator.js'
import { MachineFleet } from '../../src/core/machines/machine-fleet.js'
import { planMeasurements } from '../../src/core/run/measurement-plan.js'
import { MeasurementRecorder } from '../../src/core/run/measurement-recorder.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { runTrainerGroup } from '../../src/core/run/trainer-group.js'
import { trainerJobs } from '../../src/core/run/trainer-jobs.js'
import { monotonicNowMs } from '../../src/shared/clock.js'
import type { LiveEvent } from '../../src/shared/live/live-event.js'
import { LiveRun } from '../../src/shared/live/live-run.js'
import type { Device } from '../../src/shared/machine/device.js'
import { withoutSteps } from '../../src/shared/results/results.js'
import { notebookPreset } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'
import { formatBytes } from '../../src/shared/text/format.js'

const mostCores = 0.5
const mostGrowth = 1.1

/** Runs one group of pretended trainers on all machines, as a measurement does; returns the exit code. */
export async function main(args: string[], agents: string): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      machines: { type: 'string', default: '16' },
      devices: { type: 'string', default: '8' },
      seconds: { type: 'string', default: '60' },
    },
  })
  const [machines, devices, seconds] = [values.machines, values.devices, values.seconds].map(Number) as [
    number,
    number,
    number,
  ]
  const secret = randomBytes(32)
  const endpoint = { host: '127.0.0.1', port: await getPort({ host: '127.0.0.1' }) }
  const place = { nodes: machines + 1, nodeRank: 0, endpoint }
  const fleet = await MachineFleet.open({
    rendezvous: { ...place, secret, interfaceName: null, joinMs: 60_000 },
    tandemVersion: 'bench',
    onNotice() {},
  })
  const child = spawn(process.execPath, [agents], { stdio: ['pipe', 'inherit', 'inherit'] })
  child.stdin.write(
    `${JSON.stringify({ machines, devices, seconds, port: endpoint.port, secret: secret.toString('hex') })}\n`,
  )
  try {
    return await measure(fleet, seconds)
  } finally {
    await fleet.close(null)
    child.kill()
  }
}

async function measure(fleet: MachineFleet, seconds: number): Promise<number> {
  const configuration: RunConfiguration = {
    ...notebookPreset,
    preset: 'custom',
    strategies: ['ddp'],
    epochs: 1,
  }
  const joined = await fleet.prepare({ purpose: 'run', configuration, processes: null })
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
  const translator = new LiveTranslator(monotonicNowMs)
  let run: LiveRun | null = null
  const apply = (event: LiveEvent): void => run?.apply(event)
  run = LiveRun.begin({
    type: 'run-started',
    runId: 'bench',
    startedAtMs: monotonicNowMs(),
    configuration,
    machine: (joined[0] as (typeof joined)[number]).offer.passport,
    environment: null,
    measurements: [withoutSteps(planned)],
    notes: [],
  })
  fleet.onSample((sample) => apply({ type: 'telemetry', samples: [sample] }))
  const recorder = new MeasurementRecorder(planned, 1, (event) => translator.translate(event).forEach(apply))
  const input = {
    runId: 'bench',
    configuration,
    backends: [{ name: 'wasm' as const }],
    data: { kind: 'synthetic' as const, trainSamples: 1, testSamples: 1 },
  }

  const memory: number[] = []
  const sampling = setInterval(() => memory.push(process.memoryUsage().rss), 500)
  const startedAtMs = performance.now()
  const before = process.cpuUsage()
  const outcome = await runTrainerGroup({
    jobs: trainerJobs({ ...planned, backend: 'wasm' }, input, null),
    host: {
      spawn: () => {
        throw new Error('no trainer is on this machine')
      },
      spawnCommand: () => {
        throw new Error('no trainer is on this machine')
      },
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
  clearInterval(sampling)
  const used = process.cpuUsage(before)
  const cores = (used.user + used.system) / 1000 / (performance.now() - startedAtMs)
  const half = Math.floor(memory.length / 2)
  const [first, second] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))]
  console.log(`${joined.length} machines, ${devices.length} devices, ${seconds} s: ${outcome.kind}`)
  console.log(`host: ${cores.toFixed(3)} cores (bar: less than ${mostCores})`)
  console.log(`memory: ${formatBytes(first)} at most in the first half, ${formatBytes(second)} in the second`)
  return outcome.kind === 'completed' && cores < mostCores && second <= first * mostGrowth ? 0 : 1
}
