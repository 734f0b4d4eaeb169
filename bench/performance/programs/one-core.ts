import type { Precision } from '../../../src/shared/domain/engines.js'
import {
  createTensorFlowBackend,
  type TensorFlowBackend,
} from '../../../src/trainer/runtime/tensorflow-backend.js'

/** TensorFlow as a program has it that measures one core. The caller disposes of it. */
export function createOneCoreBackend(
  libraryDir: string,
  precision: Precision = 'fp32',
): Promise<TensorFlowBackend> {
  return createTensorFlowBackend({
    libraryDir,
    devices: { kind: 'cpu', count: 1 },
    intraOpThreads: 1,
    interOpThreads: 1,
    precision,
    group: null,
  })
}
