import { join } from 'node:path'
import { z } from 'zod'
import type { BenchContext } from '../context.js'
import { runForJson } from '../measure/launch.js'
import { measureTandem } from '../measure/tandem-training.js'
import type { BenchCase, Section } from '../suite.js'

const group = 'start'
const loadId = 'engine-load'
const traceId = 'trace-and-first-step'
const batchSize = 512

/** From nothing to a step: loading TensorFlow, then tracing ResNet-18 and its first step. */
export function startSection(context: BenchContext): Section {
  const { libraryDir, effort } = context
  if (libraryDir === null) return { name: 'start', groups: [], findings: [] }
  const cases = [loadCase(context, libraryDir), traceCase(context, libraryDir)]
  return {
    name: 'start',
    groups: [{ id: group, repeats: effort.repeats, cases }],
    findings: [
      {
        section: 'start',
        title: 'loading TensorFlow, its files in the page cache',
        group,
        unit: 'ms',
        bar: { atMost: 800 },
        value: { kind: 'figure', of: { caseId: loadId, figure: 'engineLoadMs' } },
      },
      {
        section: 'start',
        title: `trace and first step, torchvision stem, batch ${batchSize}, untuned`,
        group,
        unit: 'ms',
        bar: { atMost: 5_000 },
        value: { kind: 'figure', of: { caseId: traceId, figure: 'traceAndFirstStepMs' } },
      },
      {
        section: 'start',
        title: 'of that, tracing',
        group,
        unit: 'ms',
        bar: null,
        value: { kind: 'figure', of: { caseId: traceId, figure: 'traceMs' } },
      },
    ],
  }
}

const loadSchema = z.object({ engineLoadMs: z.number() })

function loadCase({ launch, programs, cores }: BenchContext, libraryDir: string): BenchCase {
  const program = {
    file: process.execPath,
    parameters: [join(programs, 'engine-load.mjs'), libraryDir],
    cores: cores.slice(0, 1),
  }
  return {
    id: loadId,
    title: 'loading TensorFlow',
    cores: program.cores,
    async measure(signal) {
      // The first process brings the files into the page cache.
      await runForJson(launch, program, signal)
      return loadSchema.parse(await runForJson(launch, program, signal))
    },
  }
}

function traceCase(context: BenchContext, libraryDir: string): BenchCase {
  return {
    id: traceId,
    title: 'trace and first step',
    cores: context.cores.slice(0, 1),
    async measure(signal) {
      const { traceMs = Number.NaN, firstStepMs = Number.NaN } = await measureTandem(
        context,
        {
          strategy: 'single',
          devices: 1,
          stem: 'torchvision',
          precision: 'fp32',
          batchSize,
          timedSteps: 1,
          backend: { name: 'tensorflow', libraryDir },
          autotune: false,
        },
        signal,
      )
      return { traceMs, firstStepMs, traceAndFirstStepMs: traceMs + firstStepMs }
    },
  }
}
