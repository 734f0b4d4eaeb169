/**
 * What stays the same while devices are added. `strong`: the global batch, so each device gets fewer images a step.
 * `weak`: the batch of each device, so a step has more images.
 */
export const scalingKinds = ['strong', 'weak'] as const

export type ScalingKind = (typeof scalingKinds)[number]

/** Batch sizes at some number of devices. */
export interface BatchAt {
  devices: number
  perDeviceBatchSize: number
}

/** The images a step and device for another number of devices; a mean, so it need not be whole. */
export function perDeviceBatchSizeFor(kind: ScalingKind, known: BatchAt, devices: number): number {
  return kind === 'weak' ? known.perDeviceBatchSize : (known.perDeviceBatchSize * known.devices) / devices
}
