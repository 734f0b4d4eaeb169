import { Badge, Select, Tooltip } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import {
  chartedFigures,
  type DeviceFigure,
  deviceFigures,
  machineOfName,
} from '../../../shared/domain/device-figures.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import { notAvailable } from '../../../shared/text/format.js'
import { StreamChart, type StreamChartProps } from '../../charts/stream-chart.js'
import { useFrames } from '../../charts/use-frames.js'
import { useDashboard } from '../../state/dashboard.js'
import type { RunView } from '../../state/run-view.js'
import { useRunEntry } from '../../state/use-run-entry.js'
import { useRunHead } from '../../state/use-run-view.js'
import { deviceLines, devicesWith } from './device-lines.js'
import { PickSelect } from './pick-select.js'

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
  const [figure, setFigure] = useState<DeviceFigure>('utilisation')
  const [picked, setPicked] = useState<string | null>(null)
  const devices = useDevices(view, figure)
  const items = useMemo(() => devices.map((key) => ({ key, machine: machineOfName(key) })), [devices])
  const absence = useAbsence(view)
  const { label, unit, decimals, chart } = deviceFigures[figure]
  const read = useCallback(
    (run: LiveRun, scheme: ColourScheme) => deviceLines(run, { devices, figure, picked }, scheme),
    [devices, figure, picked],
  )
  const look = useMemo(
    (): StreamChartProps['look'] => ({
      logarithmic: false,
      fromZero: true,
      smoothing: 0,
      yLimits: chart?.limits ?? null,
      wholeX: true,
      formatX: (value) => String(Math.round(value)),
      formatY: (value) => value.toFixed(decimals),
      syncKey: 'time of the run',
    }),
    [chart, decimals],
  )
  return (
    <StreamChart
      title={label}
      yTitle={`${label}, ${unit}`}
      xTitle="Seconds since the run began"
      view={view}
      read={read}
      look={look}
      hidden={hidden}
      onToggle={onToggle}
      fontPixels={fontPixels}
      isLive={isLive}
      empty={{
        yet: `${notAvailable}: this machine does not say, or the sampler has not seen it yet.`,
        ever: absence ?? `${notAvailable}: this machine does not say.`,
      }}
      controls={
        <>
          {isLive && telemetry.state === 'lost' && (
            <Tooltip label={telemetry.problems.join(' ')}>
              <Badge color="yellow" variant="dot" tt="none" size="sm">
                Telemetry lost
              </Badge>
            </Tooltip>
          )}
          <PickSelect noun="device" items={items} picked={picked} onPick={setPicked} />
          <Select
            size="xs"
            w={120}
            aria-label="What of the devices"
            data={chartedFigures.map((value) => ({ value, label: deviceFigures[value].label }))}
            value={figure}
            allowDeselect={false}
            onChange={(value) => value !== null && setFigure(value as DeviceFigure)}
          />
        </>
      }
    />
  )
}

/** Why a run that is over has no telemetry at all; null where it has. */
function useAbsence(view: RunView): string | null {
  const { runId } = useRunHead(view)
  const entry = useRunEntry(runId)
  if (useFrames(view, readHasSamples)) return null
  const imported = entry?.entry.imported ?? null
  return imported === null
    ? 'This run has no telemetry: none was recorded.'
    : `This run has no telemetry: it was imported from ${imported.fileName}, and results files hold none.`
}

function readHasSamples({ latestSample, devices }: LiveRun): boolean {
  return latestSample !== null || devices.devices.length > 0
}

function useDevices(view: RunView, figure: DeviceFigure): readonly string[] {
  return useFrames(
    view,
    useCallback((run: LiveRun) => devicesWith(run, figure), [figure]),
  )
}
