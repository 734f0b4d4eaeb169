import type { RunConfiguration } from '../../shared/run-configuration.js'
import type { DataSource, TrainerBackend, TrainerJob } from '../../shared/trainer-protocol.js'

type PyTorchBackend = Extract<TrainerBackend, { name: 'pytorch' }>

/**
 * A job with the program that does it in PyTorch. On CPUs a process computes with as many threads as its device has
 * cores, at every world size: torchrun sets one thread and plain Python takes all, which would compare two things at once.
 */
export function pytorchJob(
  job: TrainerJob,
  { python, trainer, gpuThreads }: PyTorchBackend,
  { memoryFormat, compile, bucketMebibytes }: RunConfiguration,
): TrainerJob {
  const cores = job.devices.reduce((sum, device) => sum + device.cores.length, 0)
  const threads = cores === 0 ? gpuThreads : cores
  return {
    ...job,
    data: plainFiles(job.data),
    pytorch: { threads, memoryFormat, compile, bucketMebibytes },
    program: {
      // -B: nothing is written beside Tandem's own files. -u: what is printed comes when it is printed.
      command: [python, '-B', '-u', trainer, String(job.rank)],
      environment: {
        OMP_NUM_THREADS: String(threads),
        // GPUs count as nvidia-smi and Tandem count them, not by speed.
        CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
        ...loopback[process.platform],
      },
    },
  }
}

/** What gloo and NCCL listen on: nothing that another machine could reach. Windows has no name for it. */
const loopback: Partial<Record<NodeJS.Platform, Readonly<Record<string, string>>>> = {
  linux: { GLOO_SOCKET_IFNAME: 'lo', NCCL_SOCKET_IFNAME: 'lo' },
  darwin: { GLOO_SOCKET_IFNAME: 'lo0' },
}

/** To another program the sample is a small CIFAR-10. */
function plainFiles(data: DataSource): DataSource {
  if (data.kind !== 'sample') return data
  return { kind: 'cifar10', directory: data.unpacked ?? data.directory }
}
