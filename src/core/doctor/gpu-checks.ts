import type { FromSampler, GpuSample, TelemetrySample } from '../../shared/child/telemetry.js'
import { type CheckFinding, fail, pass, skipped, warn } from '../../shared/doctor/doctor-report.js'
import { parseSmiLine, type SmiGpu, smiFormat, smiNumber, smiQuery } from '../../shared/nvidia/smi-line.js'
import { formatBytes, formatQuantity } from '../../shared/text/format.js'
import { seriousThrottleReasons } from '../../shared/validity/rules/gpus.js'
import type { GpuDetection } from '../devices/gpus.js'
import { runNvidiaSmi } from '../devices/nvidia-smi.js'
import { type SamplerHost, SamplerProcess } from '../telemetry/sampler-process.js'

/** What CUDA 12, for which engines are built, asks of a driver. */
const oldestDriver = 525

const limitsTimeoutMs = 10_000

/** The GPUs that nvidia-smi lists, and what is wrong with others. */
export function checkDetection({ gpus, problems }: GpuDetection): CheckFinding {
  const said = problems.join('; ')
  if (gpus.length === 0 && problems.length === 0) return skipped('no NVIDIA GPU; CPU devices are used')
  const list = gpus.map(
    ({ index, model, memoryBytes }) => `GPU ${index} ${model}, ${formatBytes(memoryBytes)}`,
  )
  if (gpus.length === 0) return fail(said, adviceFor(said))
  return problems.length === 0 ? pass(list.join('; ')) : warn(`${list.join('; ')}; ${said}`, adviceFor(said))
}

/** What helps, by what nvidia-smi or NVML says. */
function adviceFor(
  said: string,
  otherwise = 'Install the NVIDIA driver, or load it: nvidia-smi must list the GPUs.',
): string {
  if (/CUDA_VISIBLE_DEVICES/.test(said)) return 'Change or unset CUDA_VISIBLE_DEVICES.'
  if (/mismatch|different versions/i.test(said)) return 'The driver was updated: restart the machine.'
  if (/lost|fallen off|device handle|reset/i.test(said)) {
    return 'Restart the machine. If the GPU is lost again, look at its power supply, its heat and its seat, and at Xid lines in the kernel log.'
  }
  if (/infoROM/i.test(said))
    return 'The GPU works; its board has a fault in its stored settings (infoROM). Tell the administrator.'
  if (/blocked by the operating system/i.test(said))
    return 'Update the NVIDIA driver of Windows, then: wsl --shutdown'
  if (/permission/i.test(said))
    return 'Let this user read /dev/nvidia*, or start the container with --gpus all.'
  if (/hangs|no answer/i.test(said)) return 'The driver hangs: restart the machine.'
  if (/no nvidia-smi/i.test(said))
    return 'Give the container the capability "utility": NVIDIA_DRIVER_CAPABILITIES=compute,utility.'
  return otherwise
}

export function checkDriver({ gpus, driverVersion }: GpuDetection): CheckFinding {
  if (gpus.length === 0) return skipped('no GPU')
  if (driverVersion === null) return warn('it does not tell its version', 'Update the NVIDIA driver.')
  const major = Number.parseInt(driverVersion, 10)
  if (major >= oldestDriver) return pass(driverVersion)
  return fail(
    `${driverVersion} is too old`,
    `Update the NVIDIA driver to ${oldestDriver} or later: CUDA 12 needs it.`,
  )
}

/** What the sampler has to say of the GPUs. */
export interface GpuTelemetry {
  ready: Extract<FromSampler, { type: 'ready' }> | null
  sample: TelemetrySample | null
  /** Why there is no sample; null where there is one. */
  problem: string | null
}

/** Starts a sampler, takes one sample, and ends it. */
export async function takeGpuTelemetry(host: SamplerHost, limitMs: number): Promise<GpuTelemetry> {
  let ready: GpuTelemetry['ready'] = null
  let sampler: SamplerProcess | null = null
  let timer: NodeJS.Timeout | undefined
  const outcome = new Promise<GpuTelemetry>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          ready,
          sample: null,
          problem: `no sample within ${limitMs / 1000} s; a driver call hangs`,
        }),
      limitMs,
    )
    sampler = new SamplerProcess(host, {
      onReady: (message) => {
        ready = message
      },
      onSample: (sample) => resolve({ ready, sample, problem: null }),
      onLost: (problem) => resolve({ ready, sample: null, problem }),
      onUnkillable: () => {},
    })
  })
  try {
    return await outcome
  } finally {
    clearTimeout(timer)
    await (sampler as SamplerProcess | null)?.stop()
  }
}

/** Whether the figures of GPUs during a run come from NVML. */
export function checkNvml({ gpus }: GpuDetection, { ready, sample, problem }: GpuTelemetry): CheckFinding {
  const shown = sample?.gpus ?? []
  const problems = [...(problem === null ? [] : [problem]), ...(ready?.problems ?? [])]
  if (gpus.length === 0 && shown.length === 0 && problems.length === 0) return skipped('no GPU to ask for')
  const lost = shown.filter(({ state }) => state === 'lost')
  if (lost.length > 0) {
    const names = lost.map(({ index }) => `GPU ${index}`).join(', ')
    return fail(`${names} lost`, 'Restart the machine; Xid lines in the kernel log say why.')
  }
  if (sample === null) {
    return fail(
      problems.join(' '),
      adviceFor(problems.join(' '), 'Telemetry has nothing to show. Update the driver.'),
    )
  }
  const sources = ready?.gpuSources.join(', ') || 'none'
  const found = `${formatQuantity(shown.length, 'GPU')} through ${sources}`
  if (problems.length > 0)
    return warn(
      `${found}; ${problems.join(' ')}`,
      adviceFor(
        problems.join(' '),
        'Update the driver; in a container, NVIDIA_DRIVER_CAPABILITIES=compute,utility.',
      ),
    )
  if (shown.length < gpus.length) return fail(found, `nvidia-smi lists ${gpus.length}. Update the driver.`)
  return pass(found)
}

/** What holds clocks down before anything computes, and the power that GPUs may draw. */
export function checkGpuPower({ sample }: GpuTelemetry): CheckFinding {
  const gpus = (sample?.gpus ?? []).filter(({ state }) => state === 'ok')
  if (gpus.length === 0) return skipped('no GPU')
  const slowed = gpus.filter(({ throttleReasons }) => seriousIn(throttleReasons).length > 0)
  if (slowed.length > 0) {
    const words = slowed.map(
      ({ index, throttleReasons }) => `GPU ${index}: ${seriousIn(throttleReasons).join(', ')}`,
    )
    return fail(words.join('; '), 'Improve the cooling or the power supply before you measure.')
  }
  return pass(gpus.map(describePower).join('; '))
}

/** What somebody may have set, and what the board is made for. */
const limitFields = [
  'enforced.power.limit',
  'power.default_limit',
  'clocks.applications.graphics',
  'clocks.default_applications.graphics',
] as const

/** Below this share of what the board is made for, a limit shows in the figures. */
const freeShare = 0.98

/** Power caps and application clocks below the board's own, which make a GPU slower than others of its kind. */
export async function checkGpuLimits(
  { gpus }: GpuDetection,
  environment: NodeJS.ProcessEnv,
): Promise<CheckFinding> {
  if (gpus.length === 0) return skipped('no GPU')
  const { stdout } = await runNvidiaSmi(
    [`--query-gpu=${smiQuery(limitFields)}`, smiFormat],
    environment,
    limitsTimeoutMs,
  )
  const rows = stdout.split(/[\r\n]+/).map((line) => parseSmiLine(line, limitFields))
  const own = rows.filter((row) => row.kind === 'gpu' && gpus.some(({ uuid }) => uuid === row.uuid))
  const lowered = own.flatMap((row) => (row.kind === 'gpu' ? loweredLimits(row) : []))
  if (lowered.length > 0) {
    return warn(
      lowered.join('; '),
      'Figures are those of a slower board. As administrator: nvidia-smi --power-limit DEFAULT, nvidia-smi --reset-applications-clocks.',
    )
  }
  return own.length === 0
    ? skipped('nvidia-smi does not say')
    : pass('power and clocks are limited no further than the boards themselves')
}

function loweredLimits({ index, cells }: SmiGpu<(typeof limitFields)[number]>): string[] {
  const limits = [
    { what: 'power', unit: 'W', now: 'enforced.power.limit', own: 'power.default_limit', quantity: 'watts' },
    {
      what: 'clocks',
      unit: 'MHz',
      now: 'clocks.applications.graphics',
      own: 'clocks.default_applications.graphics',
      quantity: 'megahertz',
    },
  ] as const
  return limits.flatMap(({ what, unit, now, own, quantity }) => {
    const [set, usual] = [smiNumber(cells[now], quantity), smiNumber(cells[own], quantity)]
    if (set === null || usual === null || set >= freeShare * usual) return []
    return [`GPU ${index}: ${what} limited to ${Math.round(set)} of ${Math.round(usual)} ${unit}`]
  })
}

function seriousIn(reasons: GpuSample['throttleReasons']): string[] {
  return (reasons ?? []).filter((reason) => seriousThrottleReasons.includes(reason))
}

function describePower({ index, coreClockMegahertz, powerLimitWatts }: GpuSample): string {
  const clock = coreClockMegahertz === null ? 'clock unknown' : `${Math.round(coreClockMegahertz)} MHz`
  const cap = powerLimitWatts === null ? 'power cap unknown' : `cap ${Math.round(powerLimitWatts)} W`
  return `GPU ${index}: ${clock}, ${cap}`
}
