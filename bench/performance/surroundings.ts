import { allowedCores } from '../../src/core/devices/allowed-cores.js'
import { detectMachine, type Machine } from '../../src/core/devices/machine.js'
import { searchEngine } from '../../src/core/engine/locate.js'
import type { EngineLocation } from '../../src/core/engine/location.js'
import { runProgram } from '../../src/core/run-program.js'
import type { Peer } from './context.js'

export interface Surroundings {
  machine: Machine
  engine: EngineLocation | null
  peer: Peer | null
  cores: number[]
  /** What cannot be measured here, and what to do about it. */
  notes: string[]
}

/** What there is to measure, and with. Throws `engine-folder-invalid` for a named folder without the library. */
export async function exploreSurroundings(
  peerPython: string,
  tensorflowDir: string | undefined,
): Promise<Surroundings> {
  const [machine, { engine }, peer, allowed] = await Promise.all([
    detectMachine(),
    searchEngine({ directory: tensorflowDir }),
    findPeer(peerPython),
    allowedCores(),
  ])
  const cores = onePerPhysicalCore(allowed, machine)
  const notes = [
    ...(engine === null ? ['Without TensorFlow: there is no engine (npx tandem engine install).'] : []),
    ...(peer === null
      ? [`Without PyTorch: ${peerPython} has no torch and torchvision (--peer-python).`]
      : []),
    ...(cores.length === 1 ? ['Without DDP and DP: there is one core.'] : []),
  ]
  return { machine, engine, peer, cores, notes }
}

/** `allowed` has the hardware threads of one physical core side by side; the first of each is taken. */
export function onePerPhysicalCore(
  allowed: readonly number[],
  { logicalCores, physicalCores }: Pick<Machine, 'logicalCores' | 'physicalCores'>,
): number[] {
  const threads = Math.max(1, Math.floor(logicalCores / (physicalCores ?? logicalCores)))
  return allowed.filter((_, index) => index % threads === 0)
}

async function findPeer(python: string): Promise<Peer | null> {
  const question = 'import torch, torchvision; print(torch.__version__)'
  const { exitCode, stdout } = await runProgram(python, ['-c', question], { timeoutMs: 120_000 })
  return exitCode === 0 ? { python, torchVersion: stdout.trim() } : null
}
