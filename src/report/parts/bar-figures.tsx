import { BarsChart } from '../../charts/bars-chart.js'
import { paperLook } from '../../charts/look.js'
import { hasComparison } from '../../shared/figures/bar-figure.js'
import type { Report } from '../../shared/report/report.js'
import { rateTitle, trainedUnitOf } from '../../shared/run/trained-unit.js'
import { Figure } from './section.js'
import { fullWidth, halfWidth } from './widths.js'

/** Nothing where no speedup was measured. */
export function SpeedupFigure({ report: { speedup, head } }: { report: Report }) {
  if (!hasComparison(speedup)) return null
  const dots = head.configuration.repeats > 1 ? ' A dot is one block; whiskers are the 95 % interval.' : ''
  return (
    <Figure
      title={speedup.title}
      note={`${rateTitle(trainedUnitOf(head.configuration))} over Single’s.${dots}`}
    >
      <BarsChart figure={speedup} look={paperLook(fullWidth)} writesInterval />
    </Figure>
  )
}

/** Beside each other; where there is no speedup, there is no efficiency. */
export function TimeAndEfficiency({ report: { epochTime, efficiency } }: { report: Report }) {
  return (
    <div className="pair">
      <Figure title={epochTime.title} note="Lower is faster.">
        <BarsChart figure={epochTime} look={paperLook(halfWidth)} />
      </Figure>
      {hasComparison(efficiency) && (
        <Figure title={efficiency.title} note="Speedup over the number of devices.">
          <BarsChart figure={efficiency} look={paperLook(halfWidth)} />
        </Figure>
      )}
    </div>
  )
}
