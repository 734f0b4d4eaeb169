import { describe, expect, it } from 'vitest'
import { isEngineFile, parseWheelRecord } from './wheel-record.js'

/** The lines of tensorflow-cpu 2.21.0's own RECORD, between two made up. */
const record = [
  'tensorflow/libtensorflow_framework.so.2,sha256=8GCzI7Ju-ArdIbnflCjeOuryhD13LFuwmHRfer_zcJs,65222328',
  '"tensorflow/with, comma ""quoted"".py",sha256=8GCzI7Ju-ArdIbnflCjeOuryhD13LFuwmHRfer_zcJs,3',
  '../../bin/saved_model_cli,sha256=8GCzI7Ju-ArdIbnflCjeOuryhD13LFuwmHRfer_zcJs,207',
  '/etc/passwd,sha256=8GCzI7Ju-ArdIbnflCjeOuryhD13LFuwmHRfer_zcJs,1',
  'tensorflow_cpu-2.21.0.dist-info/RECORD,,',
  '',
].join('\r\n')

describe('parseWheelRecord', () => {
  it('reads paths, hashes and sizes, and leaves out what is not hashed or outside', () => {
    const sha256 = 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b'
    expect(parseWheelRecord(record)).toEqual([
      { path: 'tensorflow/libtensorflow_framework.so.2', sha256, sizeBytes: 65_222_328 },
      { path: 'tensorflow/with, comma "quoted".py', sha256, sizeBytes: 3 },
    ])
  })
})

describe('isEngineFile', () => {
  it.each([
    'tensorflow/libtensorflow_cc.so.2',
    'nvidia/cudnn/lib/libcudnn.so.9',
    'nvidia/cuda_nvcc/bin/ptxas',
  ])('keeps %s', (path) => expect(isEngineFile(path)).toBe(true))
  it.each([
    'tensorflow/python/x.so',
    'nvidia/cudnn/include/cudnn.h',
    'numpy/core.py',
    'tensorflow/include/libtensorflow.h',
  ])('drops %s', (path) => expect(isEngineFile(path)).toBe(false))
})
