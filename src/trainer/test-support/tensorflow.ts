import { describe } from 'vitest'
import { createTensorFlowBackend, type TensorFlowBackend } from '../runtime/tensorflow-backend.js'

const libraryDir = process.env.TANDEM_TENSORFLOW_DIR ?? ''
const absence = process.env.TANDEM_TEST_NO_TENSORFLOW_REASON ?? 'TANDEM_TENSORFLOW_DIR is not set'

/** Tests that need libtensorflow: skipped, with the reason in their title, where there is none. */
export function describeWithTensorFlow(title: string, define: () => void): void {
  if (libraryDir === '') describe.skip(`${title} (skipped: ${absence})`, define)
  else describe(title, define)
}

let backend: Promise<TensorFlowBackend> | null = null

/** The one TensorFlow of this test process: two single-threaded CPU devices. */
export function tensorflowForTests(): Promise<TensorFlowBackend> {
  backend ??= createTensorFlowBackend({
    libraryDir,
    devices: { kind: 'cpu', count: 2 },
    intraOpThreads: 1,
    interOpThreads: 2,
    precision: 'fp32',
    group: null,
  })
  return backend
}
