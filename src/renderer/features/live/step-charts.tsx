import { useCallback, useMemo } from 'react'
import type { LiveRun } from '../../../shared/live/live-run.js'
import type { StepChannel } from '../../../shared/live/step-series.js'
import { rateTitle, trainedUnitOf } from '../../../shared/run/trained-unit.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import { formatCount, formatRate } from '../../../shared/text/format.js'
import { StreamChart, type StreamChartProps } from '../../charts/stream-chart.js'
import type { RunView } from '../../state/run-view.js'
import { speedupLines, stepLines } from './lines.js'
import { lineScope } from './repeat-scope.js'
import { useRepeatScope } from './use-repeat-scope.js'
import { axisTitles, type ViewOptions } from './view-options.js'

export interface StepChartProps {
  view: RunView
  options: ViewOptions
  hidden: ReadonlySet<string>
  onToggle(key: string): void
  fontPixels?: number
  isLive?: boolean
}

/** Loss of every strategy, each step. */
export function LossChart(props: StepChartProps) {
  const { logarithmicLoss } = props.options
  const look = useStepLook(props.options, { logarithmic: logarithmicLoss, fromZero: false, formatY: loss })
  return (
    <StreamChart
      {...props}
      {...useStepTexts(props)}
      title="Loss"
      yTitle="Loss"
      read={useStepReader('loss', props.options)}
      look={look}
      empty={props.view.run.head.configuration.script === undefined ? noSteps : noLoss}
    />
  )
}

/** Images that all devices together train on, a second. */
export function ThroughputChart(props: StepChartProps) {
  const look = useStepLook(props.options, { logarithmic: false, fromZero: true, formatY: formatRate })
  const { configuration } = props.view.run.head
  return (
    <StreamChart
      {...props}
      {...useStepTexts(props)}
      title="Throughput"
      yTitle={rateTitle(trainedUnitOf(configuration))}
      read={useStepReader('imagesPerSecond', props.options)}
      look={look}
      empty={noSteps}
    />
  )
}

/** Throughput over Single's, as far as both are known. */
export function SpeedupChart(props: StepChartProps) {
  const { axis, repeat } = props.options
  const look = useStepLook({ axis, smoothing: 0 }, { logarithmic: false, fromZero: true, formatY: factor })
  const read = useCallback(
    (run: LiveRun, scheme: ColourScheme) => speedupLines(run, { axis, repeat }, scheme),
    [axis, repeat],
  )
  return (
    <StreamChart
      {...props}
      {...useStepTexts(props)}
      title="Speedup so far"
      yTitle="Times Single, by steps"
      read={read}
      look={look}
      empty={{
        yet: 'Appears once Single and another strategy have steps.',
        ever: 'This run has no speedup: Single and another strategy did not both make steps.',
      }}
    />
  )
}

const noLoss = {
  yet: 'Drawn if the script tells it: tandem_probe.report(loss=…).',
  ever: 'The script did not tell its loss. With tandem_probe.report(loss=…) it is drawn here.',
}
const noSteps = { yet: 'The first step draws the first point.', ever: 'This run made no step.' }
const loss = (value: number): string => value.toFixed(value < 10 ? 3 : 1)
const factor = (value: number): string => `${value.toFixed(2)}x`

/** What the chart is along, and which repeats it shows. */
function useStepTexts({ view, options: { axis, repeat } }: StepChartProps) {
  const scope = lineScope(useRepeatScope(view, repeat))
  return { xTitle: axisTitles[axis], ...(scope !== undefined && { scope }) }
}

function useStepReader(channel: StepChannel, { axis, repeat }: ViewOptions) {
  return useCallback(
    (run: LiveRun, scheme: ColourScheme) => stepLines(run, channel, { axis, repeat }, scheme),
    [channel, axis, repeat],
  )
}

type Look = StreamChartProps['look']

/** Kept the same while options are, since a new look makes a new plot. */
function useStepLook(
  { axis, smoothing }: Pick<ViewOptions, 'axis' | 'smoothing'>,
  { logarithmic, fromZero, formatY }: Pick<Look, 'logarithmic' | 'fromZero' | 'formatY'>,
): Look {
  return useMemo(
    () => ({
      logarithmic,
      fromZero,
      formatY,
      smoothing,
      yLimits: null,
      wholeX: axis === 'steps',
      formatX: (value) => (axis === 'steps' ? formatCount(value) : String(Math.round(value * 100) / 100)),
      syncKey: `steps by ${axis}`,
    }),
    [axis, smoothing, logarithmic, fromZero, formatY],
  )
}
