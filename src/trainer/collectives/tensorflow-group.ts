import { attribute, type OpAttribute } from '../runtime/attributes.js'
import { dtypes } from '../runtime/dtype.js'
import type { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import type { WireFormat } from './all-reduce.js'
import { stopped } from './errors.js'
import type { RankGroup } from './rank-group.js'
import { explainPeerFailure } from './tensorflow-errors.js'

/** The ranks of one run as TensorFlow's collective operations see them. */
export interface TensorFlowGroup extends RankGroup {
  readonly backend: TensorFlowBackend
  /** This rank's member of the group: the collectives of all ranks run on devices of one kind. */
  readonly device: string
  /** Names the group in a collective operation. */
  readonly groupKey: number
  /** Names the next collective operation. All ranks take the same keys for the same operations, by order. */
  nextInstanceKey(): number
  /** Attributes of a CollectiveReduceV2 that sums vectors of this type. */
  sumAttributes(format: WireFormat): readonly OpAttribute[]
  /** Runs a call that has collectives in it, and makes of its failure one that tells of the other ranks. */
  run<T>(call: () => Promise<T>): Promise<T>
}

export interface TensorFlowGroupOptions {
  rank: number
  worldSize: number
  /** How long a collective waits for the other ranks. */
  timeoutMs: number
  /** Aborting it ends running collectives, and the use of the group. */
  signal: AbortSignal
}

/**
 * Joins the group that `backend` was started in (its option `group`). NCCL carries sums between GPUs; a ring
 * over gRPC between CPU devices.
 */
export function createTensorFlowGroup(
  backend: TensorFlowBackend,
  { rank, worldSize, timeoutMs, signal }: TensorFlowGroupOptions,
): TensorFlowGroup {
  const { context } = backend
  const device = backend.devices[0] as string
  const isGpu = device.includes('device:GPU:')
  const groupKey = 1
  let lastInstanceKey = 0
  const nextInstanceKey = () => ++lastInstanceKey

  // Without a time limit, a rank that is stopped but not dead would be waited for without end.
  const sumAttributes = (format: WireFormat) => [
    attribute.type('T', dtypes[format]),
    attribute.string('merge_op', 'Add'),
    attribute.string('final_op', 'Id'),
    attribute.string('communication_hint', isGpu ? 'nccl' : 'ring'),
    attribute.float('timeout_seconds', timeoutMs / 1000),
    attribute.bool('is_stateless', false),
    attribute.int('Nordering_token', 0),
  ]

  const abort = () => context.abortCollectives('the trainer was told to stop')
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })

  async function run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (thrown) {
      if (signal.aborted) throw stopped(rank)
      throw await explainPeerFailure(thrown, { context, rank, worldSize, timeoutMs })
    }
  }

  async function sum(values: Float32Array): Promise<Float32Array> {
    const inputs = [
      context.createHandle(dtypes.float32, [values.length], values),
      ...[worldSize, groupKey, nextInstanceKey()].map((key) => context.createHandle(dtypes.int32, [], [key])),
    ]
    try {
      const execution = {
        name: 'CollectiveReduceV2',
        inputs,
        attributes: sumAttributes('float32'),
        outputCount: 1,
        device,
      }
      const [total] = (await run(() => context.executeAsync(execution))) as [bigint]
      const sums = context.read(total) as Float32Array
      context.deleteHandle(total)
      return sums
    } finally {
      for (const handle of inputs) context.deleteHandle(handle)
    }
  }

  return {
    backend,
    rank,
    worldSize,
    description: `TensorFlow collectives (${isGpu ? 'NCCL' : 'ring over gRPC'}), ${worldSize} ranks`,
    device,
    groupKey,
    nextInstanceKey,
    sumAttributes,
    run,
    sum,
    // Adding zeros changes no value, so rank 0's arrive as they are.
    broadcast: (values) => sum(rank === 0 ? values : new Float32Array(values.length)),
    close: () => signal.removeEventListener('abort', abort),
  }
}
