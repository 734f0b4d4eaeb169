import type { Device } from './device.js'
import type { MachinePassport } from './results.js'

/** What this machine has to compute on, and what a run would make of it without further words. */
export interface MachineFacts {
  machine: Omit<MachinePassport, 'tandemVersion' | 'nodeVersion' | 'tensorflowVersion'>
  /** Logical cores that this process may use. */
  allowedCores: number[]
  /** Why GPUs could not be listed although there is a driver; null otherwise. */
  gpuProblem: string | null
  /** The devices of DP and DDP with `--devices auto`. */
  devices: Device[]
  /** What a reader should know about that choice. */
  notes: string[]
}
