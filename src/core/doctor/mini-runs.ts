import type { TrainerBackend } from '../../shared/child/trainer-protocol.js'
import { type CheckFinding, fail, pass, skipped } from '../../shared/doctor/doctor-report.js'
import { type Strategy, strategies, strategyNames } from '../../shared/domain/strategies.js'
import type { Measurement } from '../../shared/results/results.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import { measure } from '../run/measure.js'
import { planMeasurements } from '../run/measurement-plan.js'
import type { TrainerHost } from '../run/trainer-process.js'
import type { Checklist } from './checklist.js'

const steps = 2
const batchOfDevice = 2

export interface MiniRunOptions {
  group: string
  backend: TrainerBackend
  devices: ResolvedDevices
  host: TrainerHost
}

/** Trains a few steps by each strategy, in processes as a run has them. Nothing of it is kept. */
export async function checkStrategies(checklist: Checklist, options: MiniRunOptions): Promise<void> {
  const { group, backend, devices } = options
  const configuration = miniConfiguration(devices.devices.length)
  const planned = planMeasurements({
    configuration,
    devices: { ...devices, allCores: null },
    engines: [backend.name],
    isOneDeviceAllowed: true,
  })
  for (const measurement of planned) {
    const { strategy } = measurement
    const id = `${backend.name}.run-${strategy}`
    const title = `${strategies[strategy].title}, ${steps} steps`
    await checklist.make({ id, group, title }, () =>
      run(measurement, configuration, options, checklist.signal),
    )
  }
}

async function run(
  planned: Measurement,
  configuration: RunConfiguration,
  { backend, host }: MiniRunOptions,
  signal: AbortSignal,
): Promise<CheckFinding> {
  if (planned.skipReason !== null) return skipped(planned.skipReason)
  const measured = await measure(planned, {
    input: {
      runId: 'doctor',
      configuration,
      backends: [backend],
      data: { kind: 'synthetic', trainSamples: configuration.batchSizeSingle * steps, testSamples: 1 },
    },
    host,
    signal,
    onEvent() {},
    onEpoch() {},
  })
  return judgeMiniRun(measured)
}

export function judgeMiniRun({ error, epochs, collective, status }: Measurement): CheckFinding {
  const [epoch] = epochs
  if (error !== null) return fail(error.message, error.hint || 'The log of the run says more: tandem run')
  if (epoch === undefined) return fail(`it ended without an epoch (${status})`, 'Please report this.')
  const { loss = Number.NaN } = epoch
  if (!Number.isFinite(loss)) {
    return fail(
      `the loss is ${loss}`,
      'The engine computes nonsense on this device. Update its driver, install the engine again.',
    )
  }
  const through = collective === null ? '' : `, ${collective}`
  return pass(`loss ${loss.toFixed(3)}, ${(epoch.images / epoch.seconds).toFixed(1)} images/s${through}`)
}

/** The same global batch for every strategy, as small as batch norm likes it. */
function miniConfiguration(devices: number): RunConfiguration {
  const batch = batchOfDevice * Math.max(2, devices)
  return {
    ...notebookPreset,
    preset: 'custom',
    strategies: [...strategyNames] satisfies Strategy[],
    dataset: 'synthetic',
    batchSizeSingle: batch,
    perGpuBatchSize: batchOfDevice,
    scaling: devices > 1 ? 'strong' : 'weak',
    epochs: 1,
    maxStepsPerEpoch: steps,
    numWorkers: 0,
    learningRate: 0.01,
    autotune: 'off',
  }
}
