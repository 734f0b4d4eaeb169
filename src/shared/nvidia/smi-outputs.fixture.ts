/*
 * What nvidia-smi is known to answer on machines that are not in order, from public reports. Each is told in rows that
 * detection and sampling ask for in their own columns, so that both are held to the same table.
 */

/** A row of GPU `index`, healthy but for what `says` replaces: all cells, or some. */
export type Row = (
  index: number,
  says?: { all?: string; uuid?: string; memory?: string; name?: string; driver?: string; figures?: string },
) => string

export interface SmiOutput {
  what: string
  /** A report where it was seen; none for variants of those. */
  seen?: string
  stdout: (row: Row) => string
  stderr?: string
  exitCode?: number
  /** The GPUs that can be used. */
  good: number[]
  /** The driver that detection finds; 570.86.15 unless said otherwise. */
  driver?: string | null
  /** What people are told; nothing where all is well. */
  says: RegExp | null
}

export const uuidOf = (index: number): string => `GPU-${String(index).repeat(8)}-0000-0000-0000-000000000000`

/** For `--query-gpu=index,uuid,memory.total,driver_version,name`. */
export const detectionRow: Row = (index, says = {}) =>
  [
    index,
    says.all ?? says.uuid ?? uuidOf(index),
    says.all ?? says.memory ?? '81559',
    says.driver ?? '570.86.15',
    says.all ?? says.name ?? 'NVIDIA H100 80GB HBM3',
  ].join(', ')

/** For the sampler's query. */
export const samplingRow: Row = (index, says = {}) => {
  const figure = (healthy: string): string => says.all ?? says.figures ?? healthy
  return [
    index,
    says.all ?? says.uuid ?? uuidOf(index),
    figure('97'),
    says.all ?? says.memory ?? '30720',
    says.all ?? says.memory ?? '81559',
    figure('312.50'),
    figure('700.00'),
    figure('64'),
    figure('1755'),
    figure('2619'),
    figure('0x0000000000000004'),
    says.all ?? says.name ?? 'NVIDIA H100 80GB HBM3',
  ].join(', ')
}

/** As a program prints them. */
export const lines = (...text: string[]): string => `${text.join('\n')}\n`
const infoRom = 'WARNING: infoROM is corrupted at gpu 0000:B3:00.0'

/** Machines on which some GPU answers. */
export const partlyGoodOutputs: SmiOutput[] = [
  { what: 'all is well', stdout: (row) => lines(row(0), row(1)), good: [0, 1], says: null },
  {
    what: 'a corrupted infoROM, told after the rows',
    seen: 'NVIDIA/gpu-operator#20, microsoft/pai#3756',
    stdout: (row) => lines(row(0), row(1), infoRom),
    exitCode: 14,
    good: [0, 1],
    says: /infoROM is corrupted at gpu 0000:B3:00\.0/,
  },
  {
    what: 'a corrupted infoROM, told before the rows',
    stdout: (row) => lines(infoRom, row(0), row(1)),
    exitCode: 14,
    good: [0, 1],
    says: /infoROM is corrupted/,
  },
  {
    what: 'a corrupted infoROM, told on standard error',
    stdout: (row) => lines(row(0)),
    stderr: infoRom,
    exitCode: 14,
    good: [0],
    says: /infoROM is corrupted/,
  },
  {
    what: 'a warning of two corrupted infoROMs and blank lines around',
    stdout: (row) => lines('', infoRom, row(0), '', 'WARNING: infoROM is corrupted at gpu 0000:D8:00.0', ''),
    exitCode: 14,
    good: [0],
    says: /0000:B3:00\.0.*0000:D8:00\.0/,
  },
  {
    what: 'a GPU that the driver has no handle for, told in place of its row',
    seen: 'NordicHPC/sonar#72, wookayin/gpustat#125',
    stdout: (row) =>
      lines('Unable to determine the device handle for gpu 0000:18:00.0: Unknown Error', row(1), row(2)),
    exitCode: 255,
    good: [1, 2],
    says: /device handle for gpu 0000:18:00\.0: Unknown Error/,
  },
  {
    what: 'the same in the words of newer drivers',
    seen: 'pdbear/syno_nvidia_gpu_driver#22',
    stdout: (row) =>
      lines(row(0), 'Unable to determine the device handle for GPU1: 0000:07:00.0: Unknown Error'),
    exitCode: 255,
    good: [0],
    says: /GPU1: 0000:07:00\.0: Unknown Error/,
  },
  {
    what: 'a GPU that is lost',
    seen: 'JosephKJ/OWOD#81',
    stdout: (row) => lines(row(0), row(1, { memory: '[GPU is lost]', figures: '[GPU is lost]' })),
    exitCode: 15,
    good: [0],
    says: /GPU 1\b.*GPU is lost/,
  },
  {
    what: 'a GPU that is lost and has forgotten its name',
    stdout: (row) => lines(row(0, { all: '[GPU is lost]' }), row(1)),
    good: [1],
    says: /GPU 0\b.*GPU is lost/,
  },
  {
    what: 'a GPU that must be reset',
    stdout: (row) => lines(row(0, { all: '[GPU requires reset]' }), row(1)),
    exitCode: 0,
    good: [1],
    says: /GPU 0\b.*requires reset/,
  },
  {
    what: 'a GPU whose memory is ERR!',
    stdout: (row) => lines(row(0), row(1, { memory: 'ERR!', figures: 'ERR!' })),
    good: [0],
    says: /GPU 1\b.*ERR!/,
  },
  {
    what: 'a GPU whose memory is [Unknown Error]',
    stdout: (row) => lines(row(0, { memory: '[Unknown Error]', figures: '[Unknown Error]' }), row(1)),
    good: [1],
    says: /GPU 0\b.*Unknown Error/,
  },
  {
    what: 'a GPU of which nothing can be asked',
    stdout: (row) => lines(row(0, { all: '[Unknown Error]' }), row(1)),
    good: [1],
    says: /GPU 0\b.*Unknown Error/,
  },
  {
    what: 'figures that only some fields fail at',
    seen: 'Quake4/MindMiner#627, enkore/i3pystatus#850',
    stdout: (row) => lines(row(0, { figures: '[Unknown Error]' })),
    good: [0],
    says: null,
  },
  {
    what: 'memory in brackets that the processor shares',
    seen: 'AlexsJones/llmfit#792',
    stdout: (row) => lines(row(0, { memory: '[N/A]', name: 'NVIDIA GB10' })),
    good: [0],
    says: null,
  },
  {
    what: 'bare N/A',
    stdout: (row) => lines(row(0, { memory: 'N/A', figures: 'N/A' }), row(1)),
    good: [0, 1],
    says: null,
  },
  {
    what: 'the wording of old drivers',
    stdout: (row) => lines(row(0, { memory: '[Not Supported]', figures: '[Not Supported]' })),
    good: [0],
    says: null,
  },
  {
    what: '[N/A] as driver',
    stdout: (row) => lines(row(0, { driver: '[N/A]' }), row(1, { driver: '[N/A]' })),
    good: [0, 1],
    driver: null,
    says: null,
  },
  {
    what: 'a Jetson, which has no UUID and no figures',
    seen: 'Chen-zexi/vllm-cli#11, henrygd/beszel#286',
    stdout: (row) =>
      lines(
        row(0, { uuid: '[N/A]', memory: '[N/A]', figures: '[N/A]', name: 'Orin (nvgpu)', driver: '540.4.0' }),
      ),
    good: [0],
    driver: '540.4.0',
    says: null,
  },
  {
    what: 'a GPU in MIG mode, in a container without permissions',
    seen: 'Stability-AI/StableSwarmUI#388',
    stdout: (row) => lines(row(0, { memory: '[Insufficient Permissions]', figures: '[N/A]' })),
    good: [0],
    says: null,
  },
  {
    what: 'a virtual GPU',
    seen: 'HSF/prmon#317',
    stdout: (row) => lines(row(0, { memory: '24576', figures: '[N/A]', name: 'NVIDIA H100L-2-24C' })),
    good: [0],
    says: null,
  },
  {
    what: 'lines of Windows',
    stdout: (row) => [row(0), row(1), ''].join('\r\n'),
    good: [0, 1],
    says: null,
  },
  {
    what: 'a byte order mark, a header and units that were not asked for',
    stdout: (row) => `\uFEFFindex, uuid, memory.total [MiB], name\n${row(0, { memory: '81559 MiB' })}\n`,
    good: [0],
    says: null,
  },
  {
    what: 'decimal commas',
    stdout: (row) => lines(row(0, { memory: '81559,00', figures: '64,50' })),
    good: [0],
    says: null,
  },
  {
    what: 'figures with all bits set',
    stdout: (row) => lines(row(0, { memory: '17592186044415', figures: '4294967295' })),
    good: [0],
    says: null,
  },
  {
    what: 'memory of 1.8e19 MiB',
    stdout: (row) => lines(row(0, { memory: '1.8446744073709552e+19', figures: '18446744073709551615' })),
    good: [0],
    says: null,
  },
  {
    what: 'a name with commas',
    stdout: (row) => lines(row(0, { name: 'NVIDIA RTX 6000, Ada, in a box' })),
    good: [0],
    says: null,
  },
  {
    what: 'the warning of a library that is a stub',
    stdout: (row) =>
      lines(
        'WARNING: You should always run with libnvidia-ml.so that is installed with your NVIDIA Display Driver.',
        row(0),
      ),
    good: [0],
    says: /always run with libnvidia-ml\.so/,
  },
  {
    what: 'rows twice',
    stdout: (row) => lines(row(0), row(1), row(0), row(1)),
    good: [0, 1],
    says: null,
  },
  {
    what: 'several GPUs that are lost, each in its own way',
    stdout: (row) =>
      lines(
        row(0, { all: '[GPU is lost]' }),
        'Unable to determine the device handle for GPU1: 0000:07:00.0: Unknown Error',
        row(2),
        row(3, { all: 'GPU requires reset' }),
        row(4, { memory: 'ERR!', figures: 'ERR!' }),
      ),
    exitCode: 15,
    good: [2],
    says: /GPU 0\b.*GPU is lost.*GPU 3\b.*requires reset.*GPU 4\b.*ERR!.*GPU1: 0000:07:00\.0/s,
  },
  {
    what: 'a warning between rows, on lines of Windows, with decimal commas',
    stdout: (row) => [row(0, { memory: '81559,00', figures: '64,50' }), infoRom, row(1), ''].join('\r\n'),
    exitCode: 14,
    good: [0, 1],
    says: /infoROM is corrupted/,
  },
  {
    what: 'words without brackets',
    stdout: (row) =>
      lines(
        row(0, { memory: 'Insufficient Permissions', figures: 'Not Supported' }),
        row(1, { memory: 'Not Supported', figures: 'Unknown Error' }),
        row(2, { figures: 'Unknown Error' }),
        row(3, { memory: 'Unknown Error', figures: 'Unknown Error' }),
      ),
    good: [0, 1, 2],
    says: /GPU 3\b.*Unknown Error/,
  },
  {
    what: 'a row that is cut off',
    stdout: (row) => `${row(0)}\n${row(1).slice(0, 47)}`,
    exitCode: 139,
    good: [0],
    says: /GPU 1\b.*no more than the beginning of its row/,
  },
  {
    what: 'all bits set in every cell but the identity',
    stdout: (row) =>
      lines(
        row(0, {
          memory: '4294967295',
          figures: '4294967295',
          driver: '4294967295',
          name: '18446744073709551615',
        }),
        row(1, { memory: '1.8446744073709552e+19', figures: '1.8446744073709552e+19', driver: '[N/A]' }),
      ),
    good: [0, 1],
    driver: null,
    says: null,
  },
  {
    what: 'an exit code without a word',
    stdout: (row) => lines(row(0)),
    exitCode: 10,
    good: [0],
    says: null,
  },
]

/** A shell program that answers so, whoever asks. */
export function answering({ stdout, stderr = '', exitCode = 0 }: SmiOutput): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  return [
    'case "$1" in',
    `*driver_version*) printf %s ${quoted(stdout(detectionRow))} ;;`,
    `*) printf %s ${quoted(stdout(samplingRow))} ;;`,
    'esac',
    `printf %s ${quoted(stderr)} >&2`,
    `exit ${exitCode}`,
  ].join('\n')
}
