import { largest } from '../shared/extremes.js'
import type { DeviceUse } from '../shared/report/device-use.js'
import { formatPercent } from '../shared/text/format.js'
import { type Axis, roundTicks } from './axis.js'

/** A server may have more; what follows is in the table. */
export const mostDevicesDrawn = 8

/** What the chart of the devices' use shows, in seconds and shares. */
export interface DeviceUseModel {
  devices: DeviceUse['devices']
  spans: DeviceUse['spans']
  seconds: Axis & { ticks: number[] }
  description: string
}

export function deviceUseModel({ devices, spans, seconds, strategies }: DeviceUse): DeviceUseModel {
  const axis = {
    from: 0,
    to: Math.max(
      seconds,
      largest(spans, ({ toSeconds }) => toSeconds),
    ),
  }
  const uses = strategies.map(({ title, utilisation }) => {
    const each = devices.map(
      (device, index) => `${device.title} ${formatPercent(utilisation[index] ?? null)}`,
    )
    return `${title}: ${each.join(', ')}`
  })
  return {
    devices: devices.slice(0, mostDevicesDrawn),
    spans,
    seconds: { ...axis, ticks: roundTicks(axis, 8) },
    description: uses.join('; '),
  }
}
