import { backOffMs } from '../../shared/back-off.js'
import { monotonicNowMs } from '../../shared/clock.js'
import { type GpuSample, lostGpu } from '../../shared/telemetry.js'
import { visibleGpus } from '../../shared/visible-gpus.js'
import type { GpuSource, GpuSourceOpening } from './gpu-source.js'
import { type SmiEnd, type SmiProcess, startSmiProcess } from './nvidia-smi-process.js'

/** A GPU without a line for this long is lost, and an nvidia-smi without any hangs. */
const silenceMs = 3_000
const silenceIntervals = 8
/** How long opening waits for the first line. */
const openingMs = 2_000
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
  for (const reasonsField of reasonsFields) {
    const loop = runInLoop({ environment, intervalMs, reasonsField })
    const end = await loop.firstNews
    if (end === null) {
      return { kind: 'opened', source: createSource(loop, environment, intervalMs), problems: [] }
    }
    loop.close()
    if (end.absent) return { kind: 'absent' }
    if (!/not a valid field/i.test(end.output)) return failed(end.output)
  }
  return failed('it knows none of the fields that it is asked for')
}

function failed(output: string): GpuSourceOpening {
  const words = output.trim().replace(/\s+/g, ' ').slice(0, 300) || 'it ended without a word'
  return { kind: 'failed', problem: `NVIDIA's GPUs are not shown: nvidia-smi: ${words}` }
}

interface Loop {
  readings: ReadonlyMap<string, Reading>
  /** How the first process ended, if that came first; null once it has listed a GPU, or two seconds have passed. */
  firstNews: Promise<SmiEnd | null>
  endIfSilent(limitMs: number): void
  close(): void
}

function runInLoop(options: Parameters<typeof startSmiProcess>[0]): Loop {
  const readings = new Map<string, Reading>()
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
      process = startSmiProcess(options, {
        onGpu(sample) {
          readings.set(sample.id, { atMs: monotonicNowMs(), sample })
          tell(null)
        },
        onEnd(end) {
          tell(end)
          failures = monotonicNowMs() - startedAtMs > stableMs ? 1 : failures + 1
          restart = setTimeout(start, backOffMs(failures, restartLimits))
        },
      })
    }
    start()
  })
  return {
    readings,
    firstNews,
    endIfSilent: (limitMs) => process.endIfSilent(limitMs),
    close() {
      clearTimeout(restart)
      process.abandon()
    },
  }
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
