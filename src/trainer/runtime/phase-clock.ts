import type { Tensor } from '@tensorflow/tfjs-core'
import type { Arrival, PhaseClock } from '../backend.js'
import { attribute } from './attributes.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import { dtypes } from './dtype.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import type { Trace } from './trace.js'

const seconds = attribute.type('T', dtypes.float64)

/**
 * A clock of `Timestamp` operations in the graph of `trace`, each held back by control edges until its phase has
 * ended. On a GPU an edge to the host waits for what was launched so far, so phases end a little late there.
 */
export function createPhaseClock(backend: TensorFlowKernelBackend, trace: Trace): PhaseClock {
  const { graph } = trace
  const { context } = backend.binding
  // There is no such operation on a GPU; of all tasks of a group this one's processor comes first.
  const host = context.devices.find((device) => device.endsWith(':CPU:0')) ?? ''
  const begin = timestamp([])
  const ends: GraphOutput[] = []

  function endPhase(after: readonly Pointer[]): void {
    // Phases that overlap end in their order too: what they add up to is the call.
    ends.push(timestamp([...after, (ends.at(-1) ?? begin).oper]))
  }

  function timestamp(after: readonly Pointer[]): GraphOutput {
    return graph.single({
      type: 'Timestamp',
      inputs: [],
      attributes: [],
      outputCount: 1,
      device: host,
      after,
    })
  }

  /** One edge to the host from each device, however many operations it waits for. */
  function endAfter(operations: Iterable<Pointer>): void {
    const joined = grouped(operations, (operation) => graph.deviceOf(operation)).map(([device, after]) =>
      graph.addWithoutOutputs({ type: 'NoOp', inputs: [], attributes: [], outputCount: 0, device, after }),
    )
    endPhase(joined)
  }

  /** One operation a device takes all that has to arrive there: each costs a thread's waking up. */
  function endWith(arrivals: readonly Arrival[]): void {
    const taken = grouped(arrivals, ({ device }) => device).map(([device, arriving]) => {
      const inputs = arriving.map(symbolOf)
      const types = attribute.types(
        'T',
        inputs.map((input) => graph.describe(input).dtype),
      )
      const operation = { type: 'IdentityN', inputs: [inputs], attributes: [types], device }
      return (graph.add({ ...operation, outputCount: inputs.length })[0] as GraphOutput).oper
    })
    endPhase(taken)
  }

  function symbolOf({ tensor }: Arrival): GraphOutput {
    return trace.symbolOf(backend.idOf(tensor))
  }

  function heldBack(arrival: Arrival): Tensor {
    const { tensor, device } = arrival
    if (!device.includes(':CPU:')) return tensor
    const source = symbolOf(arrival)
    const attributes = [attribute.type('T', graph.describe(source).dtype)]
    const after = [(ends.at(-1) ?? begin).oper]
    const copy = { type: 'Identity', inputs: [source], attributes, outputCount: 1, device, after }
    return asTensor(graph.single(copy), tensor.shape)
  }

  function asTensor(output: GraphOutput, shape: readonly number[]): Tensor {
    const { dtype } = graph.describe(output)
    const id = backend.binding.entries.add({ kind: 'symbol', trace, output, dtype, shape })
    return backend.createOutputTensor({ id, dtype, shape: [...shape] })
  }

  return {
    endsWith: endWith,
    holdBack: (arrivals) => arrivals.map(heldBack),
    endsWithAddends: () => endAfter(trace.addends),
    endsWithUpdates: () => endAfter(trace.effects),

    ends(): Tensor {
      const onHost = { outputCount: 1, device: host }
      const all = graph.single({
        type: 'Pack',
        inputs: [ends],
        attributes: [seconds, attribute.int('N', ends.length)],
        ...onHost,
      })
      const since = graph.single({ type: 'Sub', inputs: [all, begin], attributes: [seconds], ...onHost })
      const types = [attribute.type('SrcT', dtypes.float64), attribute.type('DstT', dtypes.float32)]
      return asTensor(graph.single({ type: 'Cast', inputs: [since], attributes: types, ...onHost }), [
        ends.length,
      ])
    },
  }
}

function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): [key: string, items: T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups]
}
