import { join } from 'node:path'
import { z } from 'zod'
import type { BenchContext } from '../context.js'
import { runForJson } from '../measure/launch.js'
import type { BenchCase, Finding, Section } from '../suite.js'
import { deviceCounts } from './scaling.js'

const group = 'data'

const answerSchema = z.object({ imagesPerSecond: z.number() })

/** Shuffled, cropped and flipped pictures from data workers that have the cores for themselves: one a core. */
export function dataSection(context: BenchContext): Section {
  const counts = [1, ...deviceCounts(context.cores.length)]
  return {
    name: 'data',
    groups: [
      { id: group, repeats: context.effort.repeats, cases: counts.map((count) => loadCase(context, count)) },
    ],
    findings: counts.map(
      (count): Finding => ({
        section: 'data',
        title: count === 1 ? 'one worker on one core' : `${count} workers on ${count} cores`,
        group,
        unit: 'images/s',
        bar: count === 1 ? { atLeast: 20_000 } : null,
        value: { kind: 'figure', of: { caseId: idOf(count), figure: 'imagesPerSecond' } },
      }),
    ),
  }
}

function loadCase({ launch, programs, cores }: BenchContext, workers: number): BenchCase {
  const program = {
    file: process.execPath,
    parameters: [join(programs, 'load-data.mjs'), `${workers}`],
    cores: cores.slice(0, workers),
  }
  return {
    id: idOf(workers),
    title: `data workers x${workers}`,
    cores: program.cores,
    measure: async (signal) => answerSchema.parse(await runForJson(launch, program, signal)),
  }
}

function idOf(workers: number): string {
  return `workers-${workers}`
}
