import type { Results } from './results.js'

/** The machine on which runs of tests were measured: two cores, no GPU. */
export const workstation: Results['machine'] = {
  hostName: 'workstation',
  operatingSystem: 'Debian GNU/Linux 12',
  architecture: 'x64',
  cpuModel: 'Some CPU',
  physicalCores: 2,
  logicalCores: 2,
  memoryBytes: 8 * 2 ** 30,
  gpus: [],
  gpuDriverVersion: null,
  tandemVersion: '0.1.0',
  nodeVersion: '20.19.0',
  tensorflowVersion: null,
}
