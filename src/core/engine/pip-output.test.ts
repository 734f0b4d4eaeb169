import { describe, expect, it } from 'vitest'
import { createOutputReader } from './pip-output.js'

function progressAfter(lines: string[], receivedBytes: number) {
  const reader = createOutputReader()
  for (const line of lines) reader.read(line)
  return reader.progress(receivedBytes)
}

const collecting = 'Collecting tensorflow-cpu==2.21.0'
const cpu = '  Downloading tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl (273.8 MB)'

describe('what pip prints, as progress', () => {
  it('is resolving until a wheel is named, the small metadata file before it included', () => {
    const metadata = '  Downloading tensorflow_cpu-2.21.0-cp311-cp311-linux.whl.metadata (4.5 kB)'
    expect(progressAfter([collecting, metadata], 0)).toEqual({ phase: 'resolving' })
  })

  it('adds up the announced sizes', () => {
    const cudnn = 'Downloading nvidia_cudnn_cu12-9.0-py3-none-any.whl (1.5 GB)'
    expect(progressAfter([collecting, cpu], 1000)).toEqual({
      phase: 'downloading',
      package: 'tensorflow_cpu',
      receivedBytes: 1000,
      totalBytes: 273_800_000,
    })
    expect(progressAfter([cpu, cudnn], 3e8)).toMatchObject({
      package: 'nvidia_cudnn_cu12',
      totalBytes: 1_773_800_000,
    })
  })

  it('names the package of an address, and no total when a size is missing', () => {
    const line = 'Downloading http://127.0.0.1:1/files/tensorflow_cpu-2.21.0-cp311-cp311-linux.whl'
    expect(progressAfter([line], 7)).toMatchObject({ package: 'tensorflow_cpu', totalBytes: null })
  })

  it('never shows more received than announced, since sizes are rounded', () => {
    expect(progressAfter([cpu], 273_829_956)).toMatchObject({ totalBytes: 273_829_956 })
  })

  it('is unpacking once pip installs', () => {
    expect(progressAfter([cpu, 'Installing collected packages: tensorflow-cpu'], 0)).toEqual({
      phase: 'unpacking',
    })
  })
})
