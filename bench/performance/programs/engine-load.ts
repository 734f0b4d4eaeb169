import { createTensorFlowBackend } from '../../../src/trainer/runtime/tensorflow-backend.js'

/* How long loading TensorFlow and starting its context takes: LIBRARY_DIR. Prints it as JSON. */

const startedAt = performance.now()
const backend = await createTensorFlowBackend({
  libraryDir: process.argv[2] ?? '',
  devices: { kind: 'cpu', count: 1 },
  intraOpThreads: 1,
  interOpThreads: 1,
  precision: 'fp32',
  group: null,
})
const engineLoadMs = performance.now() - startedAt
backend.dispose()
console.log(JSON.stringify({ engineLoadMs }))
