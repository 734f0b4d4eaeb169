import { useCallback, useMemo, useState } from 'react'
import { strategies } from '../../../shared/domain/strategies.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import type { Device } from '../../../shared/machine/device.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import { formatCount } from '../../../shared/text/format.js'
import { StreamChart, type StreamChartProps } from '../../charts/stream-chart.js'
import { useFrames } from '../../charts/use-frames.js'
import { lateLines } from './device-lines.js'
import { PickSelect, type PickSelectProps } from './pick-select.js'
import { repeatText } from './repeat-scope.js'
import type { StepChartProps } from './step-charts.js'
import { useRepeatScope } from './use-repeat-scope.js'
import { axisTitles } from './view-options.js'

/** Which rank keeps the others waiting: how much later than the first each arrived at the all-reduce. */
export function ArrivalChart({ view, options, hidden, onToggle, fontPixels = 11, ...rest }: StepChartProps) {
  const { axis, repeat } = options
  const [picked, setPicked] = useState<string | null>(null)
  const ranks = useFrames(view, readRanks)
  const scope = repeatText(useRepeatScope(view, repeat))
  const read = useCallback(
    (run: LiveRun, scheme: ColourScheme) => lateLines(run, { axis, repeat }, picked, scheme),
    [axis, repeat, picked],
  )
  const look = useMemo(
    (): StreamChartProps['look'] => ({
      logarithmic: false,
      fromZero: true,
      smoothing: 0,
      yLimits: null,
      wholeX: axis === 'steps',
      formatX: (value) => (axis === 'steps' ? formatCount(value) : String(Math.round(value * 100) / 100)),
      formatY: (value) => value.toFixed(1),
      syncKey: `steps by ${axis}`,
    }),
    [axis],
  )
  return (
    <StreamChart
      title="Arrival at the all-reduce"
      yTitle="ms after the first rank"
      {...(scope !== undefined && { scope })}
      xTitle={axisTitles[axis]}
      view={view}
      read={read}
      look={look}
      hidden={hidden}
      onToggle={onToggle}
      fontPixels={fontPixels}
      {...rest}
      empty={{
        yet: 'Appears while DDP trains: its ranks wait for each other at every step.',
        ever: 'No rank of this run recorded when it arrived at an all-reduce.',
      }}
      controls={<PickSelect noun="rank" items={ranks} picked={picked} onPick={setPicked} />}
    />
  )
}

/** Those of the measurement that has the most. */
function readRanks({ head }: LiveRun): PickSelectProps['items'] {
  const exchanging = head.measurements.filter(({ strategy }) => strategies[strategy].exchangesGradients)
  const devices = exchanging.reduce<readonly Device[]>(
    (most, one) => (one.devices.length > most.length ? one.devices : most),
    [],
  )
  return devices.map(({ machine = null }, rank) => ({ key: `Rank ${rank}`, machine }))
}
