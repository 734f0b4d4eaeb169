import { lines, type SmiOutput } from './smi-outputs.fixture.js'

/** Machines on which no GPU answers. */
export const hopelessOutputs: SmiOutput[] = [
  {
    what: 'no driver',
    seen: 'the commonest report there is',
    stdout: () =>
      lines(
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
      ),
    exitCode: 9,
    good: [],
    driver: null,
    says: /couldn't communicate with the NVIDIA driver/,
  },
  {
    what: 'a driver and a library of different versions',
    stdout: () =>
      lines('Failed to initialize NVML: Driver/library version mismatch', 'NVML library version: 535.161'),
    exitCode: 18,
    good: [],
    driver: null,
    says: /Driver\/library version mismatch.*NVML library version: 535\.161/,
  },
  {
    what: 'a container that lost its access',
    seen: 'NVIDIA/nvidia-docker#1671',
    stdout: () => lines('Failed to initialize NVML: Unknown Error'),
    exitCode: 255,
    good: [],
    driver: null,
    says: /Failed to initialize NVML: Unknown Error/,
  },
  {
    what: 'permissions that are missing',
    seen: 'ollama/ollama#934',
    stdout: () => lines('Failed to initialize NVML: Insufficient Permissions'),
    exitCode: 4,
    good: [],
    driver: null,
    says: /Insufficient Permissions/,
  },
  {
    what: 'WSL without the driver of Windows',
    seen: 'microsoft/WSL#9938, staralt/dxgkrnl-dkms#7',
    stdout: () =>
      lines(
        'Failed to initialize NVML: GPU access blocked by the operating system',
        'Failed to properly shut down NVML: GPU access blocked by the operating system',
      ),
    exitCode: 17,
    good: [],
    driver: null,
    says: /GPU access blocked by the operating system/,
  },
  {
    what: 'NVML that answers with N/A',
    seen: 'microsoft/WSL#11755',
    stdout: () => lines('Failed to initialize NVML: N/A', 'Failed to properly shut down NVML: N/A'),
    exitCode: 1,
    good: [],
    driver: null,
    says: /Failed to initialize NVML: N\/A/,
  },
  {
    what: 'no devices',
    stdout: () => lines('No devices were found'),
    exitCode: 6,
    good: [],
    driver: null,
    says: /No devices were found/,
  },
  {
    what: 'no devices, and exit code 0',
    stdout: () => lines('No devices were found'),
    good: [],
    driver: null,
    says: /No devices were found/,
  },
  {
    what: 'the only GPU without a handle',
    seen: 'NVIDIA/open-gpu-kernel-modules#387, AlexeyAB/darknet#86',
    stdout: () =>
      lines(
        'Unable to determine the device handle for GPU 0000:03:00.0: GPU is lost.  Reboot the system to recover this GPU',
      ),
    exitCode: 15,
    good: [],
    driver: null,
    says: /GPU is lost\. Reboot the system/,
  },
  {
    what: 'no library',
    stdout: () => '',
    stderr:
      "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.",
    exitCode: 12,
    good: [],
    driver: null,
    says: /couldn't find libnvidia-ml\.so/,
  },
  {
    what: 'nothing at all, and exit code 0',
    stdout: () => '',
    good: [],
    driver: null,
    says: /lists no GPU/,
  },
  {
    what: 'blank lines of Windows, and exit code 0',
    stdout: () => '\r\n\r\n',
    good: [],
    driver: null,
    says: /lists no GPU/,
  },
  {
    what: 'a header and no row',
    stdout: () => 'index, uuid, memory.total [MiB], driver_version, name\r\n',
    good: [],
    driver: null,
    says: /lists no GPU/,
  },
  {
    what: 'an exit code and nothing else',
    stdout: () => '',
    exitCode: 9,
    good: [],
    driver: null,
    says: /exit code 9: the driver is not loaded/,
  },
  {
    what: 'every GPU lost',
    stdout: (row) => lines(row(0, { all: '[GPU is lost]' }), row(1, { all: '[GPU is lost]' })),
    exitCode: 15,
    good: [],
    driver: null,
    says: /GPU 0\b.*GPU is lost/,
  },
]
