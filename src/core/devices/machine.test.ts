import { describe, expect, it } from 'vitest'
import { machinePassportSchema } from '../../shared/results/results.js'
import { detectMachine } from './machine.js'

const gpu = { index: 0, uuid: 'GPU-1', memoryBytes: 2 ** 34, model: 'NVIDIA A10' }
const detection = { gpus: [gpu], driverVersion: '570.1', problems: [] }
const versions = { tandemVersion: '0', nodeVersion: '0', tensorflowVersion: null }

describe('detectMachine', () => {
  it('describes this machine as a passport wants it', async () => {
    const machine = await detectMachine(Promise.resolve(detection))
    expect(machinePassportSchema.parse({ ...machine, ...versions })).toMatchObject({
      cpuModel: expect.stringMatching(/./),
      gpus: [{ index: 0, model: 'NVIDIA A10', memoryBytes: 2 ** 34 }],
      gpuDriverVersion: '570.1',
    })
  })

  it('knows enough when its sources are silent', async () => {
    const machine = await detectMachine(Promise.resolve({ gpus: [], driverVersion: null, problems: [] }), 0)
    expect(machine.physicalCores).toBeNull()
    expect(machinePassportSchema.safeParse({ ...machine, ...versions }).success).toBe(true)
  })
})
