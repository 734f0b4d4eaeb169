import type { MachinePassport } from '../../src/shared/results/results.js'

/** What is pretended: so many other machines with so many devices each. */
export interface Order {
  machines: number
  devices: number
  seconds: number
  /** How long a step of each trainer takes. */
  stepMs: number
}

export const tandemVersion = 'bench'

/** Of a machine that nobody has; `isOdd` for one that differs from the others. */
export function passportOf(node: number, devices: number, isOdd = false): MachinePassport {
  return {
    hostName: `pretended-${String(node).padStart(2, '0')}`,
    operatingSystem: 'none',
    architecture: 'x64',
    cpuModel: 'Pretended processor',
    physicalCores: devices,
    logicalCores: devices,
    memoryBytes: 1e12,
    gpus: Array.from({ length: devices }, (_, index) => ({
      index,
      model: 'Pretended GPU',
      memoryBytes: 8e10,
    })),
    gpuDriverVersion: isOdd ? '550.54.14' : '550.90.07',
    tandemVersion,
    nodeVersion: process.versions.node,
    tensorflowVersion: null,
  }
}
