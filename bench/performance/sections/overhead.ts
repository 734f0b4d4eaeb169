import { join } from 'node:path'
import { z } from 'zod'
import type { BenchContext } from '../context.js'
import { runForJson } from '../measure/launch.js'
import type { Section } from '../suite.js'

const group = 'call overhead'
const caseId = 'call'

const answerSchema = z.object({ callUs: z.number(), handedOverCallUs: z.number() })

/** What JavaScript and the C API cost a step, whatever it computes. */
export function overheadSection({ libraryDir, launch, programs, cores, effort }: BenchContext): Section {
  if (libraryDir === null) return { name: 'overhead', groups: [], findings: [] }
  const program = {
    file: process.execPath,
    parameters: [join(programs, 'call-overhead.mjs'), libraryDir],
    cores: cores.slice(0, 1),
  }
  const benchCase = {
    id: caseId,
    title: 'calls of a compiled step',
    cores: program.cores,
    measure: async (signal: AbortSignal) => answerSchema.parse(await runForJson(launch, program, signal)),
  }
  return {
    name: 'overhead',
    groups: [{ id: group, repeats: effort.repeats, cases: [benchCase] }],
    findings: [
      {
        section: 'overhead',
        title: "with ResNet-18's full state, its result read",
        group,
        unit: 'us',
        bar: { atMost: 300 },
        value: { kind: 'figure', of: { caseId, figure: 'callUs' } },
      },
      {
        section: 'overhead',
        title: 'the same, handing over 256 pictures',
        group,
        unit: 'us',
        bar: null,
        value: { kind: 'figure', of: { caseId, figure: 'handedOverCallUs' } },
      },
    ],
  }
}
