import { add, dispose, type Tensor } from '@tensorflow/tfjs-core'
import { median } from '../../../src/shared/statistics/quantiles.js'
import { createModel } from '../../../src/trainer/model/create-model.js'
import { drawnFrom } from '../../../src/trainer/model/variables.js'
import {
  blankBatch,
  createTrainingProgram,
  takeNumber,
  uploadBatch,
} from '../../../src/trainer/strategies/training-program.js'
import { createOneCoreBackend } from './one-core.js'

/*
 * What calling a compiled step costs beyond what the step computes: LIBRARY_DIR. The step has ResNet-18's whole state,
 * parameters, statistics and velocities, and adds one to a number. A call is run, and read the number; a handed-over
 * call uploads a batch of 256 pictures before. Prints medians in microseconds as JSON.
 */

const calls = 2_000
const untimedCalls = 200

const backend = await createOneCoreBackend(process.argv[2] ?? '')
const model = createModel({ kind: 'resnet', modelName: 'resnet18', stem: 'torchvision' }, drawnFrom(0))
const program = createTrainingProgram(backend, model, {
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  precision: 'fp32',
  devices: [{ kind: 'cpu', index: 0, description: '', cores: [0] }],
})
const step = backend.compile((...inputs) => [add(inputs[0] as Tensor, 1)], {
  name: 'nothing',
  state: program.state,
})
const batch = blankBatch(256)

const callUs = await medianUs(async () => {
  const [sum] = await step.run(program.learningRate)
  takeNumber(sum)
})
const handedOverCallUs = await medianUs(async () => {
  const inputs = uploadBatch(backend, batch)
  const [sum] = await step.run(program.learningRate, ...inputs)
  takeNumber(sum)
  dispose(inputs)
})
step.dispose()
program.dispose()
console.log(JSON.stringify({ callUs, handedOverCallUs, variables: program.state.length }))

async function medianUs(call: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let index = -untimedCalls; index < calls; index++) {
    const startedAt = performance.now()
    await call()
    if (index >= 0) times.push((performance.now() - startedAt) * 1000)
  }
  return median(times) as number
}
