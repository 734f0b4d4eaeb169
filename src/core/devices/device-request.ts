import { TandemError } from '../../shared/errors.js'
import { deviceRequestPattern } from '../../shared/run-configuration.js'

export type DeviceRequest =
  | { kind: 'auto' }
  /** null: as many as is usual. */
  | { kind: 'cpu'; count: number | null }
  /** null: all. */
  | { kind: 'gpu'; indexes: number[] | null }

/** Reads `--devices`. Throws `devices-invalid` for anything but `auto`, `cpu`, `cpu:N`, `gpu`, `gpu:0,1`. */
export function parseDeviceRequest(text: string): DeviceRequest {
  if (!deviceRequestPattern.test(text)) {
    throw new TandemError({
      code: 'devices-invalid',
      message: `--devices ${text}: not a choice of devices`,
      hint: 'Allowed are auto, cpu, cpu:N, gpu and gpu:0,1.',
      setting: { name: 'devices', problem: 'not a choice of devices' },
    })
  }
  const [kind, detail] = text.split(':')
  if (kind === 'auto') return { kind: 'auto' }
  if (kind === 'cpu') return { kind: 'cpu', count: detail === undefined ? null : Number(detail) }
  return { kind: 'gpu', indexes: detail === undefined ? null : detail.split(',').map(Number) }
}
