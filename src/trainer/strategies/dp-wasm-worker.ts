import { parentPort, workerData } from 'node:worker_threads'
import { dispose, type Tensor, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { monotonicNowMs } from '../../shared/clock.js'
import { layOutVector, type VectorPart } from '../collectives/vector-layout.js'
import { setLoweringChoices } from '../kernels/lowering-choices.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { createModel } from '../model/create-model.js'
import { lossAndGradients } from '../model/training-step.js'
import { notYetKnown } from '../model/variables.js'
import type { ReplicaMessage, ReplicaResult, ReplicaSetup, ReplicaTask } from './replica-messages.js'
import { takeNumber } from './training-program.js'

/*
 * One replica of DataParallel on wasm: a thread with a WebAssembly instance of its own. Every step it takes
 * the first device's weights and its share of the batch, and gives back gradients.
 */

const setup = workerData as ReplicaSetup
const weights = new Float32Array(setup.weights)
const gradients = new Float32Array(setup.gradients)
const backend = await createWasmBackend({ deviceCount: 1 })
const model = createModel(setup.architecture, notYetKnown)
const variables = model.parameters.map(({ variable }) => variable)
const { parts } = layOutVector(variables.map(({ shape }) => shape))
let globalBatchSize = 1
let forwardAtMs = 0
const gradientStep = backend.compile(
  (...inputs) => {
    const [images, labels] = inputs as [Tensor, Tensor]
    const onForward = () => {
      forwardAtMs = monotonicNowMs()
    }
    const options = { divisor: globalBatchSize, updateStatistics: false, onForward }
    const computed = lossAndGradients(model, images, labels, options)
    return [computed.loss, ...computed.gradients]
  },
  { name: 'replica', state: [...variables, ...model.buffers.map(({ variable }) => variable)] },
)

function loadWeights(): void {
  tidy(() => {
    for (const [index, variable] of variables.entries()) {
      const { elementOffset, elementCount } = parts[index] as VectorPart
      const values = weights.slice(elementOffset, elementOffset + elementCount)
      variable.assign(tensor(values, variable.shape))
    }
  })
}

async function run(task: ReplicaTask): Promise<ReplicaResult> {
  globalBatchSize = task.globalBatchSize
  loadWeights()
  const replicatedAtMs = monotonicNowMs()
  const bytes = new Uint8Array(setup.images, 0, task.images * 32 * 32 * 3)
  const images = backend.uploadImages(bytes, task.images)
  const labels = tensor1d(new Int32Array(setup.labels).slice(0, task.images), 'int32')
  const [loss, ...computed] = await gradientStep.run(images, labels)
  const backwardAtMs = monotonicNowMs()
  dispose([images, labels])
  computed.forEach((gradient, index) => {
    gradients.set(gradient.dataSync() as Float32Array, (parts[index] as VectorPart).elementOffset)
  })
  dispose(computed)
  return { loss: takeNumber(loss), replicatedAtMs, forwardAtMs, backwardAtMs }
}

parentPort?.on('message', (message: ReplicaMessage) => {
  switch (message.kind) {
    case 'lowerings':
      setLoweringChoices(message.choices)
      return
    case 'compute':
      void run(message).then((result) => parentPort?.postMessage(result))
  }
})
