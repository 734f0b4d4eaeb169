import type { MachinePassport } from '../results/results.js'

/** What a passport says of PyTorch: nothing where it was not asked for, and no GPU libraries where there are none. */
export function pytorchFacts({ pytorch }: Pick<MachinePassport, 'pytorch'>): [name: string, value: string][] {
  if (pytorch === undefined) return []
  const { version, torchvisionVersion, pythonVersion, cudaVersion, cudnnVersion, ncclVersion } = pytorch
  const libraries: [string, string | null][] = [
    ['PyTorch', version],
    ['torchvision', torchvisionVersion],
    ['Python', pythonVersion],
    ['CUDA', cudaVersion],
    ['cuDNN', cudnnVersion],
    ['NCCL', ncclVersion],
  ]
  return libraries.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]))
}
