import { Badge, Select, Tooltip } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import { notAvailable } from '../../../shared/format.js'
import type { DeviceMetric } from '../../../shared/live/device-series.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import { StreamChart, type StreamChartProps } from '../../charts/stream-chart.js'
import { useFrames } from '../../charts/use-frames.js'
import { useDashboard } from '../../state/dashboard.js'
import type { RunView } from '../../state/run-view.js'
import { deviceLines, shownDevices } from './lines.js'

interface Metric {
  title: string
  unit: string
  /** What the unit is of the sampler's. */
  scale: number
  yLimits: [number, number] | null
  format(value: number): string
}

const metrics: Record<DeviceMetric, Metric> = {
  utilisation: {
    title: 'Utilisation',
    unit: '%',
    scale: 100,
    yLimits: [0, 105],
    format: (value) => String(Math.round(value)),
  },
  memoryBytes: {
    title: 'Memory',
    unit: 'GiB',
    scale: 1 / 2 ** 30,
    yLimits: null,
    format: (value) => value.toFixed(1),
  },
  powerWatts: { title: 'Power', unit: 'W', scale: 1, yLimits: null, format: (value) => value.toFixed(0) },
  temperatureCelsius: {
    title: 'Temperature',
    unit: '°C',
    scale: 1,
    yLimits: null,
    format: (value) => value.toFixed(0),
  },
  clockMegahertz: {
    title: 'Clock',
    unit: 'MHz',
    scale: 1,
    yLimits: null,
    format: (value) => value.toFixed(0),
  },
}

const metricNames = Object.keys(metrics) as DeviceMetric[]

export interface DeviceChartProps {
  view: RunView
  /** Whether the sampler is looking at this run now. */
  isLive: boolean
  hidden: ReadonlySet<string>
  onToggle(key: string): void
  fontPixels?: number
}

/** What the sampler sees of each device, aligned in time with the run. */
export function DeviceChart({ view, isLive, hidden, onToggle, fontPixels = 11 }: DeviceChartProps) {
  const telemetry = useDashboard((state) => state.telemetry)
  const [metric, setMetric] = useState<DeviceMetric>('utilisation')
  const [picked, setPicked] = useState<string | null>(null)
  const devices = useDevices(view, metric)
  const { title, unit, scale, yLimits, format } = metrics[metric]
  const read = useCallback(
    (run: LiveRun, scheme: ColourScheme) => deviceLines(run, { devices, metric, scale, picked }, scheme),
    [devices, metric, scale, picked],
  )
  const look = useMemo(
    (): StreamChartProps['look'] => ({
      logarithmic: false,
      fromZero: true,
      smoothing: 0,
      yLimits,
      wholeX: true,
      formatX: (value) => `${Math.round(value)} s`,
      formatY: format,
      syncKey: 'time of the run',
    }),
    [yLimits, format],
  )
  return (
    <StreamChart
      title={title}
      unit={unit}
      xTitle="Time"
      view={view}
      read={read}
      look={look}
      hidden={hidden}
      onToggle={onToggle}
      fontPixels={fontPixels}
      empty={`${notAvailable}: this machine does not say, or the sampler has not seen it yet.`}
      controls={
        <>
          {isLive && telemetry.state === 'lost' && (
            <Tooltip label={telemetry.problems.join(' ')}>
              <Badge color="yellow" variant="dot" tt="none" size="sm">
                Telemetry lost
              </Badge>
            </Tooltip>
          )}
          {devices.length > 6 && (
            <Select
              size="xs"
              w={110}
              aria-label="Device"
              placeholder="One device"
              clearable
              data={devices}
              value={picked}
              onChange={setPicked}
            />
          )}
          <Select
            size="xs"
            w={120}
            aria-label="What of the devices"
            data={metricNames.map((value) => ({ value, label: metrics[value].title }))}
            value={metric}
            allowDeselect={false}
            onChange={(value) => value !== null && setMetric(value as DeviceMetric)}
          />
        </>
      }
    />
  )
}

/** The devices of this metric: cores have a utilisation and nothing else; the rest is the whole processor's. */
function useDevices(view: RunView, metric: DeviceMetric): readonly string[] {
  const read = useCallback(
    (run: LiveRun) => {
      const shown = shownDevices(run)
      const ofCores = shown.some((device) => device.startsWith('Core '))
      return (ofCores && metric !== 'utilisation' ? ['CPU'] : shown).join('\n')
    },
    [metric],
  )
  const names = useFrames(view, read)
  return useMemo(() => names.split('\n').filter(Boolean), [names])
}
