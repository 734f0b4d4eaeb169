import type { MachinePassport } from '../results/results.js'
import type { Device } from './device.js'

/** What this machine has to compute on, and what a run would make of it without further words. */
export interface MachineFacts {
  machine: Omit<MachinePassport, 'tandemVersion' | 'nodeVersion' | 'tensorflowVersion'>
  /** Logical cores that this process may use. */
  allowedCores: number[]
  /** What is wrong with GPUs that cannot be used, or hides them: lines for people. */
  gpuProblems: string[]
  /** The devices of DP and DDP with `--devices auto`. */
  devices: Device[]
  /** What a reader should know about that choice. */
  notes: string[]
}
