import { isBase } from '../../shared/domain/measurement-ids.js'
import type { BarFigure } from '../../shared/figures.js'
import { formatPercent, formatSeconds, formatSpeedup } from '../../shared/format.js'
import type { Report } from '../../shared/report/report.js'
import { BarsChart } from '../charts/bars-chart.js'
import { Figure } from './section.js'
import { fullWidth, halfWidth } from './widths.js'

/** Nothing where no speedup was measured. */
export function SpeedupFigure({ report: { speedup, head } }: { report: Report }) {
  if (!hasValue(speedup)) return null
  const dots = head.configuration.repeats > 1 ? ' A dot is one block; whiskers are the 95 % interval.' : ''
  return (
    <Figure title="Speedup over Single" note={`Images/s over Single’s.${dots}`}>
      <BarsChart
        title="Speedup over Single"
        axisTitle="times Single"
        figure={speedup}
        format={formatSpeedup}
        formatTick={(ratio) => `${ratio}x`}
        writesInterval
        width={fullWidth}
      />
    </Figure>
  )
}

/** Beside each other; where there is no speedup, there is no efficiency. */
export function TimeAndEfficiency({ report: { epochTime, efficiency } }: { report: Report }) {
  return (
    <div className="pair">
      <Figure title="Mean epoch time" note="Lower is faster.">
        <BarsChart
          title="Mean epoch time"
          axisTitle="seconds"
          figure={epochTime}
          format={formatSeconds}
          formatTick={String}
          width={halfWidth}
        />
      </Figure>
      {hasValue(efficiency) && (
        <Figure title="Efficiency" note="Speedup over the number of devices.">
          <BarsChart
            title="Efficiency"
            axisTitle="of ideal"
            figure={efficiency}
            format={formatPercent}
            formatTick={(share) => `${Math.round(share * 100)} %`}
            width={halfWidth}
          />
        </Figure>
      )}
    </div>
  )
}

/** Whether there is anything to compare: that Single is once as fast as itself is nothing. */
function hasValue({ bars }: BarFigure): boolean {
  return bars.some((bar) => !isBase(bar) && bar.value !== null)
}
