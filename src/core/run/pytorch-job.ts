import type { DataSource, TrainerBackend, TrainerJob } from '../../shared/child/trainer-protocol.js'
import type { Device } from '../../shared/machine/device.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'

/** What a person chooses of it. */
export type PyTorchSettings = Pick<RunConfiguration, 'memoryFormat' | 'compile' | 'bucketMebibytes'>
type PyTorchBackend = Extract<TrainerBackend, { name: 'pytorch' }>

/**
 * A job with the program that does it in PyTorch. On CPUs a process computes with as many threads as its device has
 * cores, at every world size: torchrun sets one thread and plain Python takes all, which would compare two things at once.
 *
 * @param interfaceName by which ranks on other machines are reached, where there are any
 */
export function pytorchJob(
  job: TrainerJob,
  { python, trainer, gpuThreads }: PyTorchBackend,
  { memoryFormat, compile, bucketMebibytes }: PyTorchSettings,
  interfaceName: string | null = null,
): TrainerJob {
  const threads = pytorchThreads(job.devices, gpuThreads)
  return {
    ...job,
    data: plainFiles(job.data),
    pytorch: { threads, memoryFormat, compile, bucketMebibytes },
    program: pytorchProgram(python, trainer, {
      rank: job.rank,
      devices: job.devices,
      threads,
      network: job.collective?.kind === 'torch-network' ? interfaceName : null,
    }),
  }
}

/** As many as the devices have cores; `gpuThreads` for GPUs, which have none. */
export function pytorchThreads(devices: readonly Device[], gpuThreads: number): number {
  return devices.reduce((sum, device) => sum + device.cores.length, 0) || gpuThreads
}

/** How a Python program of Tandem's is started as a rank. */
export function pytorchProgram(
  python: string,
  script: string,
  {
    rank,
    devices,
    threads,
    network = null,
  }: { rank: number; devices: readonly Device[]; threads: number; network?: string | null },
): NonNullable<TrainerJob['program']> {
  return {
    // -B: nothing is written beside Tandem's own files. -u: what is printed comes when it is printed.
    command: [python, '-B', '-u', script, String(rank)],
    environment: {
      OMP_NUM_THREADS: String(threads),
      ...visibleGpus(devices),
      ...(network === null ? loopbackOnly(process.platform) : onlyInterface(network)),
    },
  }
}

/**
 * The process sees its own GPUs alone, the first of them as cuda:0: whatever the host's CUDA_VISIBLE_DEVICES made of their
 * numbers, and the only way to reach a MIG instance that is not the first one.
 */
export function visibleGpus(devices: readonly Device[]): Readonly<Record<string, string>> {
  const gpus = devices.filter(({ kind }) => kind === 'gpu')
  if (gpus.length === 0) return {}
  // By names where all have one: CUDA reads names or numbers, not both.
  const names = gpus.map(({ uuid }) => uuid).filter((uuid) => uuid !== undefined)
  return {
    // Numbers are nvidia-smi's, which counts by place in the machine and not by speed.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: (names.length === gpus.length ? names : gpus.map(({ index }) => index)).join(','),
  }
}

/** Has gloo and NCCL listen on nothing that another machine could reach. Windows has no name for it. */
export function loopbackOnly(platform: NodeJS.Platform): Readonly<Record<string, string>> {
  return loopback[platform] ?? {}
}

/** Has gloo and NCCL use this interface: by itself, gloo takes the one that the machine's own name leads to. */
export function onlyInterface(interfaceName: string): Readonly<Record<string, string>> {
  return { GLOO_SOCKET_IFNAME: interfaceName, NCCL_SOCKET_IFNAME: interfaceName }
}

const loopback: Partial<Record<NodeJS.Platform, Readonly<Record<string, string>>>> = {
  linux: { GLOO_SOCKET_IFNAME: 'lo', NCCL_SOCKET_IFNAME: 'lo' },
  darwin: { GLOO_SOCKET_IFNAME: 'lo0' },
}

/** To another program the sample is a small CIFAR-10. */
function plainFiles(data: DataSource): DataSource {
  if (data.kind !== 'sample') return data
  return { kind: 'cifar10', directory: data.unpacked ?? data.directory }
}
