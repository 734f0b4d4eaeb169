/**
 * What to start as nvidia-smi, in this order, until one is there: on the PATH; beside the libraries that Windows lends
 * to WSL; where old drivers for Windows put it.
 *
 * @param platform Node's name of it
 */
export function nvidiaSmiPrograms(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  if (platform === 'linux') return ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']
  if (platform !== 'win32') return ['nvidia-smi']
  const programs = environment.ProgramFiles ?? 'C:\\Program Files'
  return ['nvidia-smi', `${programs}\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe`]
}
