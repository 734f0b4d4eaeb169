import { backOffMs } from '../../shared/back-off.js'
import { type GpuSample, lostGpu } from '../../shared/child/telemetry.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { namesMigInstances } from '../../shared/nvidia/mig.js'
import { nvidiaSmiPrograms } from '../../shared/nvidia/smi-programs.js'
import { hiddenGpus, visibleGpus } from '../../shared/nvidia/visible-gpus.js'
import type { GpuSource, GpuSourceOpening } from './gpu-source.js'
import type { SmiReading } from './nvidia-smi-output.js'
import { type SmiEnd, type SmiOptions, type SmiProcess, startSmiProcess } from './nvidia-smi-process.js'

/** A GPU without a line for this long is lost, and an nvidia-smi without any hangs. */
const silenceMs = 3_000
const silenceIntervals = 8
/** How long opening waits for the first line, and then for what else is said in the same turn. */
const openingMs = 2_000
const firstTurnMs = 100
const restartLimits = { firstMs: 1_000, mostMs: 60_000 }
/** An nvidia-smi that ran for so long has not failed in a row with the one before. */
const stableMs = 60_000

/** What the field is called, newest name first; null for drivers that know neither. */
const reasonsFields = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active', null]

type Reading = { atMs: number; sample: GpuSample }

/**
 * Reads NVIDIA's GPUs from nvidia-smi, `CUDA_VISIBLE_DEVICES` heeded: one process in its loop for as long as the
 * source is open, started again when it ends or hangs. Waits for its first line, but not for longer than two seconds.
 */
export async function openNvidiaSmi(
  environment: NodeJS.ProcessEnv,
  intervalMs: number,
): Promise<GpuSourceOpening> {
  for (const program of nvidiaSmiPrograms(process.platform, environment)) {
    const opening = await openProgram(program, environment, intervalMs)
    if (opening.kind !== 'absent') return opening
  }
  return { kind: 'absent' }
}

async function openProgram(
  program: string,
  environment: NodeJS.ProcessEnv,
  intervalMs: number,
): Promise<GpuSourceOpening> {
  for (const reasonsField of reasonsFields) {
    const loop = runInLoop({ program, environment, intervalMs, reasonsField })
    const end = await loop.firstNews
    if (end === null || loop.readings.size > 0) {
      const source = createSource(loop, environment, intervalMs)
      return { kind: 'opened', source, problems: loop.problems(environment.CUDA_VISIBLE_DEVICES) }
    }
    loop.close()
    if (end.absent) return { kind: 'absent' }
    if (!/not a valid field/i.test(end.output)) return failed([...loop.faults, end.output].join(' '))
  }
  return failed('it knows none of the fields that it is asked for')
}

function failed(output: string): GpuSourceOpening {
  const words = inOneLine(output) || 'it ended without a word'
  return { kind: 'failed', problem: `NVIDIA's GPUs are not shown: nvidia-smi: ${words}` }
}

function inOneLine(output: string): string {
  return output.trim().replace(/\s+/g, ' ').slice(0, 300)
}

interface Loop {
  readings: ReadonlyMap<string, Reading>
  /** What it says of GPUs that cannot be told by name. */
  faults: ReadonlySet<string>
  /** How the first process ended, if that came first; null once it has listed GPUs, or two seconds have passed. */
  firstNews: Promise<SmiEnd | null>
  /** What was said so far beside figures, and what hides GPUs. */
  problems(visibleDevices: string | undefined): string[]
  endIfSilent(limitMs: number): void
  close(): void
}

function runInLoop(options: SmiOptions): Loop {
  const readings = new Map<string, Reading>()
  const faults = new Set<string>()
  let process: SmiProcess
  let restart: NodeJS.Timeout | undefined
  let failures = 0

  const firstNews = new Promise<SmiEnd | null>((resolve) => {
    const opening = setTimeout(resolve, openingMs, null)
    const tell = (news: SmiEnd | null): void => {
      clearTimeout(opening)
      resolve(news)
    }
    const start = (): void => {
      const startedAtMs = monotonicNowMs()
      let listed = false
      process = startSmiProcess(options, {
        onReading(reading) {
          take(readings, faults, reading)
          if (!listed) setTimeout(tell, firstTurnMs, null)
          listed = true
        },
        onEnd(end) {
          tell(end)
          // One that lists GPUs and ends instead of going on is of use still.
          failures = listed || monotonicNowMs() - startedAtMs > stableMs ? 1 : failures + 1
          restart = setTimeout(start, backOffMs(failures, restartLimits))
        },
      })
    }
    start()
  })
  return {
    readings,
    faults,
    firstNews,
    problems: (visibleDevices) => [
      ...faults,
      ...(process.output === '' ? [] : [`nvidia-smi: ${inOneLine(process.output)}`]),
      ...whatHides(readings, visibleDevices),
    ],
    endIfSilent: (limitMs) => process.endIfSilent(limitMs),
    close() {
      clearTimeout(restart)
      process.abandon()
    },
  }
}

/** A GPU that is lost may say no more than its number: it is the one that had it. */
function take(
  readings: Map<string, Reading>,
  faults: Set<string>,
  reading: Exclude<SmiReading, { kind: 'words' }>,
): void {
  const atMs = monotonicNowMs()
  if (reading.kind === 'gpu') {
    readings.set(reading.sample.id, { atMs, sample: reading.sample })
    return
  }
  const before = [...readings.values()].find(({ sample }) => sample.index === reading.index)
  const lost = reading.sample ?? (before === undefined ? null : lostGpu(before.sample))
  if (lost !== null) readings.set(lost.id, { atMs, sample: lost })
  faults.add(`GPU ${reading.index}: nvidia-smi says ${reading.fault}.`)
}

function whatHides(readings: ReadonlyMap<string, Reading>, visibleDevices: string | undefined): string[] {
  if (namesMigInstances(visibleDevices)) return ['nvidia-smi has no figures of MIG instances; NVML does.']
  const gpus = [...readings.values()].map(({ sample: { index, id } }) => ({ index, uuid: id }))
  const hidden = hiddenGpus(gpus, visibleDevices)
  return hidden === null ? [] : [`${hidden}.`]
}

function createSource(loop: Loop, environment: NodeJS.ProcessEnv, intervalMs: number): GpuSource {
  const limitMs = Math.max(silenceMs, silenceIntervals * intervalMs)
  return {
    name: 'nvidia-smi',
    sample(nowMs) {
      loop.endIfSilent(limitMs)
      const listed = [...loop.readings.values()].map(({ atMs, sample }) => ({
        index: sample.index,
        uuid: sample.id,
        sample: nowMs - atMs > limitMs ? lostGpu(sample) : sample,
      }))
      return visibleGpus(listed, environment.CUDA_VISIBLE_DEVICES).map(({ sample }) => sample)
    },
    close: loop.close,
  }
}
