import { describe } from 'vitest'
import { createTensorFlowBackend, type TensorFlowBackend } from '../runtime/tensorflow-backend.js'

export const tensorflowLibraryDir = process.env.TANDEM_TENSORFLOW_DIR ?? ''
const absence = process.env.TANDEM_TEST_NO_TENSORFLOW_REASON ?? 'TANDEM_TENSORFLOW_DIR is not set'

/** Tests that need libtensorflow: skipped, with the reason in their title, where there is none. */
export function describeWithTensorFlow(title: string, define: () => void): void {
  if (tensorflowLibraryDir === '') describe.skip(`${title} (skipped: ${absence})`, define)
  else describe(title, define)
}

/** TensorFlow with two single-threaded CPU devices. Once a test file: a process has one TensorFlow. */
export function tensorflowForTests(
  execution: 'traced' | 'eager' = 'traced',
  precision: 'fp32' | 'mixed' = 'fp32',
): Promise<TensorFlowBackend> {
  return createTensorFlowBackend({
    libraryDir: tensorflowLibraryDir,
    devices: { kind: 'cpu', count: 2 },
    intraOpThreads: 1,
    interOpThreads: 2,
    precision,
    group: null,
    execution,
  })
}
