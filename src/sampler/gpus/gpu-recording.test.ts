import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import type { TelemetrySample } from '../../shared/child/telemetry.js'
import { type LiveEvent, recordedEventSchema, recordingVersion } from '../../shared/live/live-event.js'
import { plannedMeasurement, runStarted } from '../../shared/live/live-run.fixture.js'
import { compileLibrary, noCompiler } from '../test-support/c-library.js'
import { environmentWith, startSampler } from '../test-support/sampler-program.js'

const fixture = fileURLToPath(new URL('../../core/history/gpu-recording.fixture.jsonl', import.meta.url))

/** Set to write the recording anew, which a change of what GPUs are asked for makes necessary. */
const writes = process.env.TANDEM_WRITE_FIXTURES === '1'

/** The real sampler's, two of each way to ask NVIDIA's driver. */
async function sampleGpus(): Promise<TelemetrySample[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-gpus-'))
  const library = compileLibrary('fake-nvml.c', 'libnvidia-ml.so.1')
  const line = '0, GPU-00, 50, 1024, 2048, 100.0, 300.0, 40, 1000, 2000, 0x4, NVIDIA 0'
  const program = join(folder, 'nvidia-smi')
  writeFileSync(program, `#!/bin/sh\nwhile :; do echo "${line}"; sleep 0.05; done\n`)
  chmodSync(program, 0o755)
  const environments = [
    environmentWith({ libraries: library.folder }),
    environmentWith({ path: `${folder}:/bin:/usr/bin` }),
  ]
  const samples: TelemetrySample[] = []
  try {
    for (const environment of environments) {
      const sampler = startSampler(process.execPath, built.path, environment)
      try {
        for (let count = 0; count < 2; count++) {
          samples.push(
            await sampler.sampleWhere(({ gpus }) => gpus.some(({ utilisation }) => utilisation !== null)),
          )
        }
      } finally {
        sampler.process.kill('SIGKILL')
        await sampler.exit
      }
    }
  } finally {
    library.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
  return samples
}

/** A run of one measurement in which these samples were taken. */
function recordingOf(samples: readonly TelemetrySample[]): string {
  const planned = plannedMeasurement('single', {
    devices: [{ kind: 'gpu', index: 0, description: 'A GPU', cores: [] }],
  })
  const events: LiveEvent[] = [
    { ...runStarted([planned]), recordingVersion, startedAtMs: (samples[0]?.atMs ?? 0) - 100 },
    { type: 'measurement', measurement: planned },
    ...samples.map((sample): LiveEvent => {
      return { type: 'telemetry', samples: [{ ...sample, trainers: [] }] }
    }),
    { type: 'run-finished', status: 'complete', finishedAtMs: (samples.at(-1)?.atMs ?? 0) + 100 },
  ]
  return events.map((event, index) => `${JSON.stringify({ atMs: 100 * index, event })}\n`).join('')
}

const gpuKeys = (samples: readonly TelemetrySample[]): string[] =>
  [...new Set(samples.flatMap(({ gpus }) => gpus.flatMap((gpu) => Object.keys(gpu))))].sort()

let built: BuiltEntry
beforeAll(async () => {
  built = await buildForNode('sampler/index.ts', 'child/watchdog-worker.ts')
})
afterAll(() => built.dispose())

describe.skipIf(noCompiler !== '')(`the recording with GPUs${noCompiler}`, () => {
  it('has what the sampler says of GPUs today', async () => {
    const samples = await sampleGpus()
    if (writes) writeFileSync(fixture, recordingOf(samples))
    const recorded = readFileSync(fixture, 'utf8')
      .trim()
      .split('\n')
      .map((line) => recordedEventSchema.parse(JSON.parse(line)).event)
      .flatMap((event) => (event.type === 'telemetry' ? event.samples : []))

    expect(recorded).toHaveLength(4)
    expect(gpuKeys(recorded)).toEqual(gpuKeys(samples))
  })
})
