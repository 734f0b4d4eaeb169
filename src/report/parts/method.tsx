import type { Report } from '../../shared/report/report.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { trainedUnitOf, trainedUnits } from '../../shared/run/trained-unit.js'
import type { Script } from '../../shared/script/script.js'
import { countingNote } from '../../shared/script/script-counting.js'
import { confidence } from '../../shared/statistics/speedup-estimate.js'
import { describeStoppingRule, standardStoppingRule } from '../../shared/statistics/stopping-rule.js'
import { equivalenceMargin } from '../../shared/statistics/verdict.js'
import { capitalised, formatQuantity } from '../../shared/text/format.js'

/** How the figures came about, so that a reader can doubt them. */
export function Method({ report }: { report: Report }) {
  return (
    <ul className="method">
      {methodSentences(report).map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

function methodSentences({ head: { configuration }, results }: Report): string[] {
  const { repeats, untilNarrow, seed, script } = configuration
  const percent = confidence * 100
  const compared = results.filter(({ answer }) => answer !== null).length
  const isOnCpu = results.some(({ devices }) => devices[0]?.kind === 'cpu')
  const repeated = `Every strategy was measured once per block, in random order (seed ${seed}), so that slow changes affect all of them alike.`
  return [
    'Every measurement is a fresh process, for DDP a fresh group of processes, and only one runs at a time.',
    ...(repeats === 1
      ? [
          'Each strategy was measured once: there is no interval and no verdict, and a difference of a few percent may be chance.',
        ]
      : [
          untilNarrow
            ? `${repeated} ${capitalised(describeStoppingRule({ ...standardStoppingRule, maximumBlocks: repeats }))}.`
            : `${repeated} There were ${formatQuantity(repeats, 'block')}, chosen beforehand.`,
          `A speedup is the geometric mean over the blocks of Single’s time for the same ${trainedUnits[trainedUnitOf(configuration)].many} over the strategy’s. Its ${percent} % interval is the paired t interval of the logarithms.`,
          `Faster and slower mean that the t test finds a difference at ${100 - percent} %, after Holm’s correction for ${formatQuantity(compared, 'comparison')}; the same, that the interval lies within ±${equivalenceMargin * 100} %. Undecided does not mean that they are equal.`,
        ]),
    'Efficiency is speedup over the number of devices.',
    ...(script === undefined ? ownTraining(configuration) : scriptTraining(script)),
    ...(isOnCpu
      ? [
          'CPU devices are fixed shares of one processor’s cores. They share its caches and memory bandwidth, and a speedup between them says nothing about GPUs. In DP they share one thread pool; only DDP isolates them.',
        ]
      : []),
  ]
}

function ownTraining({ scaling, batchSizeSingle, perGpuBatchSize }: RunConfiguration): string[] {
  return [
    'On the clock is an epoch as the trainer sees it: waiting for data, moving the batch to the device, forward and backward pass, gradient exchange, update, reading the loss back. For DDP the slowest rank’s time counts. Loading, warm-up (autotuning, tracing or compiling, a first step) and evaluation are off the clock.',
    scaling === 'strong'
      ? `Strong scaling: a step has ${formatQuantity(batchSizeSingle, 'image')} for every strategy, shared among its devices.`
      : `Weak scaling: each device of DP and DDP gets ${formatQuantity(perGpuBatchSize, 'image')} per step; Single gets ${formatQuantity(batchSizeSingle, 'image')}.`,
    'Data order and augmentation depend only on seed, epoch and picture: strategies with the same global batch see the same pictures in the same batches.',
  ]
}

function scriptTraining(script: Script): string[] {
  const { steps, warmUpSteps, globalBatch, perDeviceBatch } = script
  return [
    `On the clock are ${formatQuantity(steps, 'step')} of the script’s optimizer, after ${formatQuantity(warmUpSteps, 'step')} to warm up, or more while something was still being compiled: from the end of one step to the end of the next, waiting for data included. With several ranks the slowest one’s time counts. Evaluation between steps is off the clock.`,
    batchSentence(globalBatch, perDeviceBatch),
    script.counts === undefined
      ? 'What a step trains on is the script’s own affair: its samples are the batches that its loaders gave, if a backward pass followed them.'
      : countingNote(script),
  ]
}

function batchSentence(globalBatch: number | null, perDeviceBatch: number | null): string {
  if (globalBatch !== null)
    return `Strong scaling: the script was told to share ${formatQuantity(globalBatch, 'sample')} a step among its ranks.`
  if (perDeviceBatch !== null)
    return `Weak scaling: the script was told to give each rank ${formatQuantity(perDeviceBatch, 'sample')} a step.`
  return 'The script was told no batch size: whether a rank’s batch or the batch of all stays the same is what it makes of its number of ranks.'
}
