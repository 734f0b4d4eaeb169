import { startParentWatchdog } from '../../child/watchdog.js'
import type { AutotuneRecord, TrainerJob, TuningProgress } from '../../shared/child/trainer-protocol.js'
import { hash4 } from '../../shared/random.js'
import type { ImageBatch } from '../data/loader.js'
import { parameterChecksum } from '../model/parameter-checksum.js'
import { createStrategy } from '../strategies/create-strategy.js'
import type { StepOutcome } from '../strategies/strategy.js'

/*
 * A trainer process that trains the small network without batch norm on a fixed series of global batches, of
 * which its rank takes its part, and answers with what it ended with.
 */

export interface StrategyTask {
  job: TrainerJob
  globalBatchSize: number
  steps: number
}

export interface StrategyAnswer {
  losses: number[]
  outcomes: StepOutcome[]
  weights: number[]
  parameterChecksum: string
  /** Correct predictions on the first global batch after the last step. */
  correct: number
  /** What the autotuner did; null without one. */
  autotune: AutotuneRecord | null
  /** What was told while a job tuned; empty for one that trains. */
  tuning: TuningProgress[]
}

const untrained = { losses: [], outcomes: [], weights: [], parameterChecksum: '', correct: 0 }

/** Picture `index` of global batch `step`: noise, tinted by its class. */
function writeImage(target: Uint8Array, step: number, index: number, label: number): void {
  for (let position = 0; position < target.length; position++) {
    const noise = hash4(step, index, position, 0)[0] % 200
    target[position] = Math.min(255, noise + (position % 3 === label % 3 ? 5 * label : 0))
  }
}

function rankBatch({ job, globalBatchSize }: StrategyTask, step: number): ImageBatch {
  const own = Array.from({ length: globalBatchSize }, (_, index) => index).filter(
    (index) => index % job.worldSize === job.rank,
  )
  const bytesPerImage = 32 * 32 * 3
  const images = new Uint8Array(own.length * bytesPerImage)
  const labels = Int32Array.from(own, (index) => (index * 7 + step) % 10)
  own.forEach((index, position) => {
    const image = images.subarray(position * bytesPerImage, (position + 1) * bytesPerImage)
    writeImage(image, step, index, labels[position] as number)
  })
  return { images, labels, size: own.length }
}

async function run(task: StrategyTask): Promise<StrategyAnswer> {
  const strategy = await createStrategy(task.job, new AbortController().signal, { kind: 'plain' })
  const first = rankBatch(task, 0)
  if (task.job.purpose === 'tune') {
    const tuning: TuningProgress[] = []
    const record = await strategy.tune([first.size], (progress) => tuning.push(progress))
    await strategy.dispose()
    return { ...untrained, autotune: record, tuning }
  }
  const { autotune = null } = await strategy.warmUp({ training: [first.size], evaluation: [first.size] })
  const outcomes: StepOutcome[] = []
  for (let step = 0; step < task.steps; step++) outcomes.push(await strategy.step(rankBatch(task, step)))
  const losses = outcomes.map(({ loss }) => loss)
  const [correct] = (await strategy.sumOverRanks([await strategy.countCorrect(first)])) as [number]
  const weights = strategy.model.parameters.flatMap(({ variable }) => [...variable.dataSync()])
  const checksum = parameterChecksum(strategy.model)
  await strategy.dispose()
  return { losses, outcomes, weights, parameterChecksum: checksum, correct, autotune, tuning: [] }
}

const watchdog = startParentWatchdog({ parentPid: process.ppid })
process.on('message', (task: StrategyTask) => {
  void run(task).then((answer) => {
    process.send?.(answer, undefined, {}, () => {
      process.disconnect()
      void watchdog.stop()
    })
  })
})
