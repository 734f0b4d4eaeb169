import { type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { EngineCheckJob, FromEngineCheck } from '../../shared/doctor/engine-check-protocol.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import { median } from '../../shared/statistics/quantiles.js'
import type { Backend } from '../backend.js'
import type { HostAllReduce } from '../collectives/all-reduce.js'
import { createFileAllReduce } from '../collectives/files.js'
import { createSharedMemoryAllReduce } from '../collectives/shared-memory.js'
import { allReduceGradients } from '../collectives/tensorflow-all-reduce.js'
import { createTensorFlowGroup } from '../collectives/tensorflow-group.js'
import { TensorFlowBackend } from '../runtime/tensorflow-backend.js'

type AllReduceJob = Extract<EngineCheckJob, { kind: 'all-reduce' }>
type Exchange = AllReduceJob['exchanges'][number]
type Summed = Extract<FromEngineCheck, { type: 'summed' }>

const warmUps = 1
const timed = 4

/** Something that sums a vector over all ranks, again and again. */
interface Summing {
  through: string
  sum(values: Float32Array): Promise<Float32Array>
  close(): void
}

/**
 * Sums a vector of each size over the ranks of the group, several times, and tells the median time of a sum and whether
 * every element came out right.
 */
export async function allReduceAsRank(
  job: AllReduceJob,
  backend: Backend,
  tell: (summed: Summed) => void,
): Promise<void> {
  for (const exchange of job.exchanges) {
    const summing = await join(job, exchange, backend)
    try {
      tell(await sumOften(job, exchange, summing))
    } finally {
      summing.close()
    }
  }
}

async function sumOften(
  { rank, worldSize }: AllReduceJob,
  { elements }: Exchange,
  summing: Summing,
): Promise<Summed> {
  const values = Float32Array.from({ length: elements }, (_, index) => (rank + 1) * (index % 7))
  const times: number[] = []
  let sum: Float32Array = values
  for (let turn = 0; turn < warmUps + timed; turn++) {
    const startedAt = performance.now()
    sum = await summing.sum(values)
    if (turn >= warmUps) times.push(performance.now() - startedAt)
  }
  const total = (worldSize * (worldSize + 1)) / 2
  const isRight = sum.length === elements && sum.every((value, index) => value === total * (index % 7))
  return { type: 'summed', elements, ms: median(times) ?? 0, isRight, through: summing.through }
}

async function join(job: AllReduceJob, exchange: Exchange, backend: Backend): Promise<Summing> {
  const { collective, elements } = exchange
  const { signal } = new AbortController()
  const { rank, worldSize } = job
  const { timeoutMs } = collective
  const member = { rank, worldSize, elementCount: elements, timeoutMs, signal }
  switch (collective.kind) {
    case 'shared-memory':
      return overHostMemory(await createSharedMemoryAllReduce({ ...member, path: collective.path }))
    case 'files':
      return overHostMemory(await createFileAllReduce({ ...member, directory: collective.directory }))
    case 'tensorflow':
      return overTensorFlow(backend, member)
    case 'torch':
    case 'torch-network':
      throw new Error('torch.distributed is for PyTorch’s own trainer')
    default:
      return assertNever(collective, 'collective')
  }
}

function overHostMemory(group: HostAllReduce): Summing {
  const sums = new Float32Array(group.elementCount)
  return {
    through: group.description.replace(/,.*$/, ''),
    async sum(values) {
      group.write(0, values)
      await group.sum()
      group.read(0, sums)
      return sums
    },
    close: () => group.close(),
  }
}

function overTensorFlow(
  backend: Backend,
  member: { rank: number; worldSize: number; timeoutMs: number; signal: AbortSignal },
): Summing {
  if (!(backend instanceof TensorFlowBackend)) {
    throw new TandemError({
      code: 'collective-unavailable',
      message: 'this engine has no collectives of its own',
      hint: 'This is a defect in Tandem; please report it.',
    })
  }
  const group = createTensorFlowGroup(backend, member)
  const compiled = backend.compile((vector) => allReduceGradients(group, [vector as Tensor], 'float32'), {
    name: 'doctor all-reduce',
    state: [],
  })
  return {
    through: group.description.replace(/,.*$/, ''),
    async sum(values) {
      const input = tensor1d(values)
      const [output] = await group.run(() => compiled.run(input))
      const sum = await (output as Tensor).data<'float32'>()
      output?.dispose()
      input.dispose()
      return sum
    },
    close() {
      compiled.dispose()
      group.close()
    },
  }
}
