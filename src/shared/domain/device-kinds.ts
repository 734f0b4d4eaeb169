/** What a device can be: a CUDA GPU, or a fixed share of the processor's cores. */
export const deviceKindNames = ['cpu', 'gpu'] as const

export type DeviceKind = (typeof deviceKindNames)[number]

export const deviceKinds: Readonly<Record<DeviceKind, { title: string; prefix: string }>> = {
  cpu: { title: 'CPU device', prefix: 'CPU' },
  gpu: { title: 'GPU', prefix: 'GPU' },
}

/** What the devices of a measurement are, as people call one of them. */
export function deviceKindTitle([first]: readonly { kind: DeviceKind }[]): string {
  return deviceKinds[first?.kind ?? 'cpu'].title
}
