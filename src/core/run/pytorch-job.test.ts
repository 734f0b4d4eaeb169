import { describe, expect, it } from 'vitest'
import type { Device } from '../../shared/machine/device.js'
import { visibleGpus } from './pytorch-job.js'

const gpu = (index: number, uuid?: string): Device => ({
  kind: 'gpu',
  index,
  description: 'NVIDIA H100',
  cores: [],
  ...(uuid !== undefined && { uuid }),
})

describe('the GPUs that a PyTorch process sees', () => {
  it('are its own, by name, so that a host that shows some of its GPUs changes nothing', () => {
    expect(visibleGpus([gpu(3, 'GPU-bbbb'), gpu(1, 'GPU-aaaa')])).toEqual({
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: 'GPU-bbbb,GPU-aaaa',
    })
  })

  it('are one MIG instance, wherever it stands in the host’s list', () => {
    expect(visibleGpus([gpu(1, 'MIG-feb88891')])).toMatchObject({ CUDA_VISIBLE_DEVICES: 'MIG-feb88891' })
  })

  it('are named by number where a driver keeps one of their names to itself', () => {
    expect(visibleGpus([gpu(0, 'GPU-aaaa'), gpu(1)])).toMatchObject({ CUDA_VISIBLE_DEVICES: '0,1' })
  })

  it('are left as they are for CPU devices', () => {
    const device: Device = { kind: 'cpu', index: 0, description: 'CPU device, core 0', cores: [0] }
    expect(visibleGpus([device])).toEqual({})
  })
})
