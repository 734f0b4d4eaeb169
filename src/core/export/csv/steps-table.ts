import type { StepRecord } from '../../../shared/child/trainer-protocol.js'
import { stepImagesPerSecond } from '../../../shared/live/group-step.js'
import { deviceName } from '../../../shared/machine/device.js'
import type { Measurement, Results } from '../../../shared/results/results.js'
import { inOrderOfTraining } from '../measurements.js'
import type { Column } from './table.js'

/** One optimiser step as one rank saw it. */
export interface StepRow {
  measurement: Measurement
  rank: number
  step: StepRecord
}

/** Every step of every rank, measurement by measurement, the ranks of a step beside each other. */
export function* stepRows(results: Results): Generator<StepRow> {
  for (const measurement of inOrderOfTraining(results)) {
    const { ranks } = measurement
    const longest = ranks.reduce((most, { steps }) => Math.max(most, steps.length), 0)
    for (let index = 0; index < longest; index++) {
      for (const { rank, steps } of ranks) {
        const step = steps[index]
        if (step !== undefined) yield { measurement, rank, step }
      }
    }
  }
}

/** Epochs, steps and ranks are counted from 0, as in `results.json`. */
export function stepColumns({ runId }: Results): Column<StepRow>[] {
  return [
    { name: 'run_id', of: () => runId },
    { name: 'strategy', of: ({ measurement }) => measurement.id },
    { name: 'repeat', of: ({ measurement }) => measurement.block + 1 },
    { name: 'epoch', of: ({ step }) => step.epoch },
    { name: 'step', of: ({ step }) => step.step },
    { name: 'rank', of: ({ rank }) => rank },
    { name: 'devices', of: devicesOf },
    { name: 'started_at_unix_ms', of: ({ step }) => step.startedAtMs },
    { name: 'step_ms', of: ({ step }) => step.stepMs },
    { name: 'data_wait_ms', of: ({ step }) => step.dataWaitMs },
    { name: 'compute_ms', of: ({ step }) => step.computeMs },
    { name: 'communication_ms', of: ({ step }) => ifApart(step, step.communicationMs) },
    { name: 'update_ms', of: ({ step }) => ifApart(step, step.updateMs) },
    { name: 'arrived_at_all_reduce_unix_ms', of: ({ step }) => step.arrivedAtMs },
    { name: 'loss', of: ({ step }) => step.loss ?? null },
    { name: 'images', of: ({ step }) => step.images },
    { name: 'images_per_s', of: ({ step }) => stepImagesPerSecond(step) },
  ]
}

/** A rank of DDP has one device, a process of DP all of them. */
function devicesOf({ measurement: { devices, worldSize }, rank }: StepRow): string {
  const own = worldSize === 1 ? devices : devices.slice(rank, rank + 1)
  return own.map(deviceName).join(' ')
}

/** Exchange and update are part of `compute_ms` unless the gradients went through host memory. */
function ifApart({ arrivedAtMs }: StepRecord, ms: number): number | null {
  return arrivedAtMs === null ? null : ms
}
