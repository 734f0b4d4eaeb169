import { settings } from '../../shared/domain/settings/settings.js'
import { TandemError } from '../../shared/errors.js'

export type DeviceRequest =
  | { kind: 'auto' }
  /** null: as many as is usual. */
  | { kind: 'cpu'; count: number | null }
  /** null: all. */
  | { kind: 'gpu'; indexes: number[] | null }

/** Reads `--devices`. Throws `devices-invalid` for anything but `auto`, `cpu`, `cpu:N`, `gpu`, `gpu:0,1`. */
export function parseDeviceRequest(text: string): DeviceRequest {
  const { input } = settings.devices
  if (input.parse(text) === undefined) {
    throw new TandemError({
      code: 'devices-invalid',
      message: `--devices ${text}: not a choice of devices`,
      hint: `Allowed: ${input.allowed}.`,
      setting: { name: 'devices', problem: 'not a choice of devices' },
    })
  }
  const [kind, detail] = text.split(':')
  if (kind === 'auto') return { kind: 'auto' }
  if (kind === 'cpu') return { kind: 'cpu', count: detail === undefined ? null : Number(detail) }
  return { kind: 'gpu', indexes: detail === undefined ? null : detail.split(',').map(Number) }
}
