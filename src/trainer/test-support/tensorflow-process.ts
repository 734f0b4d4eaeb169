import { add, scalar, type Tensor } from '@tensorflow/tfjs-core'
import { createTensorFlowBackend } from '../runtime/tensorflow-backend.js'

/*
 * A process that loads TensorFlow, compiles and runs a step, says what came out, and ends by itself with the
 * exit code it was given: node tensorflow-process.js LIBRARY_DIR EXIT_CODE
 */

const [libraryDir = '', exitCode = '0'] = process.argv.slice(2)
const backend = await createTensorFlowBackend({
  libraryDir,
  devices: { kind: 'cpu', count: 1 },
  intraOpThreads: 1,
  interOpThreads: 1,
  precision: 'fp32',
  group: null,
})
const step = backend.compile((x) => [add(x as Tensor, 1)], { name: 'increment', state: [] })
const [sum] = await step.run(scalar(41))
console.log(`answer ${sum?.dataSync()[0]}`)
process.exitCode = Number(exitCode)
