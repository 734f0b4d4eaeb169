import { join } from 'node:path'
import getPort from 'get-port'
import { z } from 'zod'
import { reserveCollectivePath } from '../../../src/core/run/collective-files.js'
import { gradientBytes } from '../../../src/shared/domain/models.js'
import type { BenchContext, Peer } from '../context.js'
import { runForJson } from '../measure/launch.js'
import { asFlags } from '../measure/pytorch-training.js'
import type { BenchCase, CaseGroup, Figures, Finding, Section } from '../suite.js'

interface Vector {
  /** Also the figure's name. */
  name: string
  elements: number
}

const bytesPerElement = Float32Array.BYTES_PER_ELEMENT
const largestBytes = 100e6

const resnet: Vector = {
  name: '44.7 MB (ResNet-18)',
  elements: gradientBytes('resnet18', 'cifar') / bytesPerElement,
}

const vectors: readonly Vector[] = [
  { name: '1 KB', elements: 1e3 / bytesPerElement },
  { name: '32 KB', elements: 32e3 / bytesPerElement },
  { name: '1 MB', elements: 1e6 / bytesPerElement },
  { name: '10 MB', elements: 10e6 / bytesPerElement },
  resnet,
  { name: '100 MB', elements: largestBytes / bytesPerElement },
]

const worldSizes = [2, 4]
const tandemId = 'tandem'
const glooId = 'gloo'
/** Tandem's alone: without copying the vector into the shared memory and out of it. */
const sumSuffix = ', sum'

/**
 * Sums of vectors over 2 and 4 processes: shared memory against gloo. Both sum a vector that lies where their DDP
 * exchanges it, Tandem's in the shared memory, PyTorch's in a bucket; that gradients are copied there is the step's.
 */
export function allReduceSection(context: BenchContext): Section {
  return {
    name: 'all-reduce',
    groups: worldSizes.map((worldSize) => groupOf(context, worldSize)),
    findings: worldSizes.flatMap((worldSize) => vectors.flatMap((vector) => findingsOf(worldSize, vector))),
  }
}

function groupOf(context: BenchContext, worldSize: number): CaseGroup {
  const cores = Array.from(
    { length: worldSize },
    (_, rank) => context.cores[rank % context.cores.length] ?? 0,
  )
  const { peer, effort } = context
  return {
    id: groupId(worldSize),
    repeats: effort.repeats,
    cases: [tandemCase(context, cores), ...(peer === null ? [] : [glooCase(context, peer, cores)])],
  }
}

function tandemCase(
  { launch, programs, effort, libraryDir }: BenchContext,
  cores: readonly number[],
): BenchCase {
  return {
    id: tandemId,
    title: `Tandem all-reduce, ${cores.length} ranks`,
    cores: [...new Set(cores)],
    async measure(signal) {
      const { path, remove } = await reserveCollectivePath((cores.length + 1) * largestBytes * 1.01)
      const lists = [cores, vectors.map(({ elements }) => elements), rounds(effort.allReduceRounds)]
      const rank = (index: number) => ({
        file: process.execPath,
        parameters: [
          join(programs, 'all-reduce-rank.mjs'),
          path,
          `${index}`,
          ...lists.map((list) => list.join(',')),
          ...(libraryDir === null ? [] : [libraryDir]),
        ],
        cores: [...new Set(cores)],
      })
      try {
        const [first] = await Promise.all(cores.map((_, index) => runForJson(launch, rank(index), signal)))
        return byVector(first)
      } finally {
        await remove()
      }
    },
  }
}

function glooCase(
  { root, launch, effort }: BenchContext,
  { python }: Peer,
  cores: readonly number[],
): BenchCase {
  return {
    id: glooId,
    title: `gloo, ${cores.length} ranks`,
    cores: [...new Set(cores)],
    async measure(signal) {
      const settings = {
        cores: cores.join(','),
        elements: vectors.map(({ elements }) => elements).join(','),
        rounds: rounds(effort.allReduceRounds).join(','),
        port: await getPort(),
      }
      const parameters = [join(root, 'bench', 'peers', 'all_reduce.py'), ...asFlags(settings)]
      return byVector(
        await runForJson(launch, { file: python, parameters, cores: [...new Set(cores)] }, signal),
      )
    },
  }
}

/** Many of what is short. */
function rounds(ofTheLargest: number): number[] {
  return vectors.map(({ elements }) => {
    const share = largestBytes / (elements * bytesPerElement)
    return Math.round(Math.min(ofTheLargest * share, 50 * ofTheLargest))
  })
}

const answerSchema = z.object({ medianMs: z.array(z.number()), sumMs: z.array(z.number()).default([]) })

function byVector(answer: unknown): Figures {
  const { medianMs, sumMs } = answerSchema.parse(answer)
  const named = (times: readonly number[], suffix: string) =>
    times.map((time, index) => [`${vectors[index]?.name}${suffix}`, time])
  return Object.fromEntries([...named(medianMs, ''), ...named(sumMs, sumSuffix)])
}

function groupId(worldSize: number): string {
  return `all-reduce ${worldSize}`
}

function findingsOf(worldSize: number, { name }: Vector): Finding[] {
  const title = `${name}, ${worldSize} ranks`
  const shared = { section: 'all-reduce', group: groupId(worldSize) } as const
  const timesAsFast = (figure: string) =>
    ({
      kind: 'ratio',
      over: { caseId: glooId, figure: name },
      under: { caseId: tandemId, figure },
    }) as const
  const sum: Finding[] = [
    {
      ...shared,
      title: `${title}: Tandem`,
      unit: 'ms',
      bar: null,
      value: { kind: 'figure', of: { caseId: tandemId, figure: `${name}${sumSuffix}` } },
    },
    {
      ...shared,
      title: `${title}: times as fast as gloo`,
      unit: 'ratio',
      bar: worldSize === 2 && name === resnet.name ? { atLeast: 2 } : null,
      value: timesAsFast(`${name}${sumSuffix}`),
    },
  ]
  if (name !== resnet.name) return sum
  return [
    ...sum,
    {
      ...shared,
      title: `${title}, copied in and out too: times as fast as gloo`,
      unit: 'ratio',
      bar: null,
      value: timesAsFast(name),
    },
  ]
}
