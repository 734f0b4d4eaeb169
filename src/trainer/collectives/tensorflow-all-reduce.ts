import { concat, reshape, split, type Tensor } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import { attribute } from '../runtime/attributes.js'
import type { GraphOutput, Pointer } from '../runtime/c-api/prototype.js'
import { dtypes } from '../runtime/dtype.js'
import type { Trace } from '../runtime/trace.js'
import type { WireFormat } from './all-reduce.js'
import { planBuckets } from './gradient-buckets.js'
import type { TensorFlowGroup } from './tensorflow-group.js'

/**
 * Sums float32 gradients over the ranks of the group, inside a compiled step: one CollectiveReduceV2 a bucket,
 * each of which starts as soon as its gradients are there, while the rest of the backward pass computes.
 * Divide the loss by the world size for an average. Returns them in the order given, with their shapes.
 *
 * Buckets follow one another by control edges: executors are free in their order, and ranks that start the
 * same NCCL operations in different orders wait for each other for ever.
 *
 * In bfloat16 they are rounded on the way, and again at each sum there, as by PyTorch's `bf16_compress_hook`.
 * @throws TandemError `collective-needs-compiled-step` anywhere else.
 */
export function allReduceGradients(
  group: TensorFlowGroup,
  gradients: readonly Tensor[],
  format: WireFormat,
): Tensor[] {
  const { trace } = group.backend.kernels.binding
  if (trace === null) throw notCompiled()
  const sums: Tensor[] = []
  let previous: readonly Pointer[] = []
  for (const bucket of planBuckets(gradients.map(({ size }) => size))) {
    const members = bucket.map((index) => gradients[index] as Tensor)
    const flat = concat(members.map((gradient) => reshape(gradient, [gradient.size])))
    const { sum, operation } = addSum(group, trace, flat, format, previous)
    const parts = split(
      sum,
      members.map(({ size }) => size),
    )
    bucket.forEach((index, position) => {
      sums[index] = reshape(parts[position] as Tensor, (members[position] as Tensor).shape)
    })
    previous = [operation]
  }
  return sums
}

/** Records the sum of one vector. */
function addSum(
  { backend, device, worldSize, groupKey, nextInstanceKey, sumAttributes }: TensorFlowGroup,
  trace: Trace,
  vector: Tensor,
  format: WireFormat,
  after: readonly Pointer[],
): { sum: Tensor; operation: Pointer } {
  const { kernels } = backend
  const cast = (input: GraphOutput, from: WireFormat, to: WireFormat) =>
    trace.graph.single({
      type: 'Cast',
      inputs: [input],
      attributes: [attribute.type('SrcT', dtypes[from]), attribute.type('DstT', dtypes[to])],
      outputCount: 1,
      device,
    })
  const values = trace.symbolOf(kernels.idOf(vector))
  const key = (value: number) => trace.graph.constant(dtypes.int32, [], [value], device)
  const travelled = trace.graph.single({
    type: 'CollectiveReduceV2',
    inputs: [
      format === 'float32' ? values : cast(values, 'float32', format),
      key(worldSize),
      key(groupKey),
      key(nextInstanceKey()),
      [], // no ordering tokens
    ],
    attributes: sumAttributes(format),
    outputCount: 1,
    device,
    after,
  })
  const output = format === 'float32' ? travelled : cast(travelled, format, 'float32')
  const dtype = dtypes.float32
  const { shape } = vector
  const id = kernels.binding.entries.add({ kind: 'symbol', trace, output, dtype, shape })
  return { sum: kernels.createOutputTensor({ id, dtype, shape }), operation: travelled.oper }
}

function notCompiled(): TandemError {
  return new TandemError({
    code: 'collective-needs-compiled-step',
    message: 'gradients are exchanged through TensorFlow in compiled steps only',
    hint: 'Run DDP traced, not eagerly, or let its ranks exchange gradients through shared memory.',
  })
}
