import { LinesChart } from '../../charts/lines-chart.js'
import { paperLook } from '../../charts/look.js'
import type { Report } from '../../shared/report/report.js'
import { trainedUnitOf, trainedUnits } from '../../shared/run/trained-unit.js'
import { Figure } from './section.js'
import { halfWidth } from './widths.js'

/** Loss and throughput over the epochs; nothing where no strategy has steps enough for a line. */
export function Curves({ report }: { report: Report }) {
  const { curves, head } = report
  if (curves.loss.every(({ points }) => points.length < 2)) return null
  const { many } = trainedUnits[trainedUnitOf(head.configuration)]
  const note =
    head.configuration.repeats > 1
      ? 'Mean of all repeats; the band goes from the lowest to the highest.'
      : 'Mean of neighbouring steps.'
  return (
    <div className="pair">
      <Figure title="Loss" note={note}>
        <LinesChart
          title="Loss"
          curves={curves.loss}
          format={(value) => String(Number(value.toFixed(2)))}
          look={paperLook(halfWidth)}
          fromZero={false}
        />
      </Figure>
      <Figure title={`Throughput, ${many}/s`} note={note}>
        <LinesChart
          title={`Throughput in ${many} per second`}
          curves={curves.imagesPerSecond}
          format={(value) => value.toLocaleString('en-US', { maximumFractionDigits: 1 })}
          look={paperLook(halfWidth)}
          fromZero
        />
      </Figure>
    </div>
  )
}
