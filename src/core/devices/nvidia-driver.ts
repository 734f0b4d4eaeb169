import { access } from 'node:fs/promises'

/**
 * Whether CUDA programs can reach a driver from here: by its device files, which a container without GPU
 * access lacks even when /proc shows the host's driver; within WSL2 by the library that Windows lends.
 */
export async function hasNvidiaDriver(): Promise<boolean> {
  return (await exists('/dev/nvidiactl')) || (await exists('/usr/lib/wsl/lib/libcuda.so.1'))
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
