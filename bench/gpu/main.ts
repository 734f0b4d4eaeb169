import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { detectGpus, type GpuDetection } from '../../src/core/devices/gpus.js'
import { detectInventory } from '../../src/core/devices/inventory.js'
import { resolveDevices } from '../../src/core/devices/resolve.js'
import { examine } from '../../src/core/doctor/doctor.js'
import { namesHere, withoutNames } from '../../src/core/doctor/without-names.js'
import { findPyTorch } from '../../src/core/engine/pytorch/find-pytorch.js'
import { type ChosenEngine, pytorchEngine } from '../../src/core/run/choose-engine.js'
import { measure } from '../../src/core/run/measure.js'
import { planMeasurements } from '../../src/core/run/measurement-plan.js'
import { defaultTimeouts } from '../../src/core/run/timeouts.js'
import { Telemetry } from '../../src/core/telemetry/telemetry.js'
import type { TelemetrySample } from '../../src/shared/child/telemetry.js'
import { reportMarkdown } from '../../src/shared/doctor/report-text.js'
import type { Measurement } from '../../src/shared/results/results.js'
import { imagesPerSecond, type MeasuredStrategy, measuredMarkdown, summariseGpus } from './measured.js'
import { type GpuCheckOptions, oneDeviceConfiguration, readOptions } from './options.js'

/**
 * What nobody without a GPU can say: doctor, NVML while something trains, and PyTorch by each strategy on one device, with
 * the PyTorch that the machine has. Each part is written as soon as it is there, so that a machine that is taken back
 * leaves what it has shown. Without a PyTorch the last part fails, with what to install.
 */
export async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const options = readOptions(environment)
  const { output } = options
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  await mkdir(output, { recursive: true })
  const own = join(output, '.tandem')
  const check = new GpuCheck(
    options,
    { ...environment, TANDEM_DATA_DIR: own, TANDEM_CACHE_DIR: own },
    ending.signal,
  )
  try {
    await check.run()
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

class GpuCheck {
  private readonly names = namesHere()

  constructor(
    private readonly options: GpuCheckOptions,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const detection = await detectGpus(this.environment)
    await this.write('gpus.json', asJson(detection))
    await this.doctor()
    const { environment, resourcesDirectory } = this
    const pytorch = pytorchEngine(await findPyTorch({ environment, resourcesDirectory }), resourcesDirectory)
    await this.train(pytorch, detection)
  }

  private async doctor(): Promise<void> {
    const { environment, signal, resourcesDirectory } = this
    const report = await examine({
      tandemVersion: this.options.version,
      environment,
      spawn: spawnNodeChild,
      trainerEntry: this.program('trainer'),
      samplerEntry: this.program('sampler'),
      engineCheckEntry: this.program('engine-check'),
      resourcesDirectory,
      signal,
      onCheck: ({ group, title, status, found, ms }) =>
        this.say(`${status.padEnd(7)} ${group}: ${title}: ${found} (${Math.round(ms)} ms)`),
      onCurrent() {},
    })
    await this.write('doctor.json', asJson(report))
    await this.write('doctor.md', reportMarkdown(report))
  }

  /** Single, DataParallel and DDP of one rank, one after another, with a sample of the machine four times a second. */
  private async train(pytorch: ChosenEngine, detection: GpuDetection): Promise<void> {
    const inventory = await detectInventory(Promise.resolve(detection))
    const { devices } = resolveDevices(this.options.devices, inventory, { cuda: pytorch.cuda })
    const [base] = devices
    if (base === undefined) throw new Error('there is no device')
    const planned = planMeasurements({
      configuration: oneDeviceConfiguration(this.options),
      devices: { devices: [base], base, allCores: null },
      engines: ['pytorch'],
      isOneDeviceAllowed: true,
    })
    const telemetry = new Telemetry({
      spawn: spawnNodeChild,
      entry: this.program('sampler'),
      environment: childEnvironment(this.environment),
    })
    const measured: MeasuredStrategy[] = []
    try {
      for (const measurement of planned) measured.push(await this.measured(measurement, pytorch, telemetry))
    } finally {
      const { gpuSources, problems } = telemetry.state
      await telemetry.close()
      const engine = pytorch.description
      await this.write('measured.json', asJson({ engine, gpuSources, problems, measured }))
      await this.write('measured.md', measuredMarkdown({ engine, gpuSources, detection, measured }))
    }
  }

  private async measured(
    planned: Measurement,
    { backend }: ChosenEngine,
    telemetry: Telemetry,
  ): Promise<MeasuredStrategy> {
    if (planned.skipReason !== null || this.signal.aborted) return { measurement: planned, gpus: [] }
    const { steps, batch, output } = this.options
    const samples: TelemetrySample[] = []
    const unsubscribe = telemetry.onSample((sample) => samples.push(sample))
    const measurement = await measure(planned, {
      input: {
        runId: 'gpu-check',
        configuration: oneDeviceConfiguration(this.options),
        backends: [backend],
        data: { kind: 'synthetic', trainSamples: batch * steps, testSamples: 1 },
      },
      host: {
        spawn: spawnNodeChild,
        spawnCommand(options) {
          const child = spawnSocketChild(options)
          if (child.pid !== undefined) telemetry.watch([child.pid])
          return child
        },
        entry: this.program('trainer'),
        environment: childEnvironment(this.environment),
        logDirectory: join(output, 'logs'),
        timeouts: defaultTimeouts,
      },
      signal: this.signal,
      onEvent() {},
      onEpoch() {},
    })
    unsubscribe()
    const { strategy, title, error } = measurement
    const lines = samples.map((sample) => `${JSON.stringify({ strategy, ...sample })}\n`)
    await appendFile(join(output, 'telemetry.jsonl'), lines.join(''))
    this.say(`${title}: ${error?.message ?? `${imagesPerSecond(measurement)?.toFixed(1)} images/s`}`)
    return { measurement, gpus: summariseGpus(samples) }
  }

  private get resourcesDirectory(): string {
    return join(this.options.home, 'resources')
  }

  private program(name: string): string {
    return join(this.options.home, 'out', 'main', `${name}.js`)
  }

  private async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.options.output, name), withoutNames(text, this.names))
  }

  private say(line: string): void {
    console.log(withoutNames(line, this.names))
  }
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
