import type { EpochRecord } from '../../../shared/child/trainer-protocol.js'
import {
  deviceFigureNames,
  deviceFigures,
  inUnit,
  sampledDevices,
} from '../../../shared/domain/device-figures.js'
import { type GroupStep, stepImagesPerSecond } from '../../../shared/live/group-step.js'
import type { RunSample } from '../../../shared/live/live-event.js'

/** Figures by tag, units in the tags; null where there is none. */
export type Scalars = Record<string, number | null>

export function stepScalars(step: GroupStep): Scalars {
  // Only an exchange in host memory can be told apart from the rest of the step.
  const lateMs = step.ranks?.lateMs ?? null
  const ifApart = (ms: number): number | null => (lateMs === null ? null : ms)
  return {
    'train/loss': step.loss,
    'train/images_per_second': stepImagesPerSecond(step),
    'step/step_ms': step.stepMs,
    'step/data_wait_ms': step.dataWaitMs,
    'step/compute_ms': step.computeMs,
    'step/communication_ms': ifApart(step.communicationMs),
    'step/update_ms': ifApart(step.updateMs),
    'step/last_rank_late_ms': lateMs === null ? null : Math.max(...lateMs),
  }
}

export function epochScalars({ loss, seconds, images, testAccuracy }: EpochRecord): Scalars {
  return {
    'epoch/loss': loss ?? null,
    'epoch/seconds': seconds,
    'epoch/images_per_second': seconds > 0 ? images / seconds : null,
    'epoch/test_accuracy': testAccuracy,
  }
}

/** `machine/gpu_0_power_w`: what TensorBoard gets of the processor and the GPUs. */
export function sampleScalars(sample: RunSample): Scalars {
  const scalars: Scalars = {}
  for (const { kind, name, figures } of sampledDevices(sample)) {
    if (kind !== 'cpu' && kind !== 'gpu') continue
    for (const figure of deviceFigureNames) {
      const { tensorBoardTag, of } = deviceFigures[figure]
      if (tensorBoardTag === null || of[kind] === undefined) continue
      const tag = `machine/${name.toLowerCase().replace(':', '_')}_${tensorBoardTag}`
      scalars[tag] = inUnit(figure, figures[figure])
    }
  }
  return scalars
}
