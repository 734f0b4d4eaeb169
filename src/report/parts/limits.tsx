import { LimitsChart } from '../../charts/limits-chart.js'
import { knownLimitCurves, limitTexts } from '../../charts/limits-model.js'
import { paperLook } from '../../charts/look.js'
import type { LimitsAnalysis } from '../../shared/analysis/limits-analysis.js'
import { limitsSentences, modelDifference } from '../../shared/limits/limits-text.js'
import { DataTable } from './data-table.js'
import { Figure } from './section.js'

/** How far it could go, by a model that says that it is one. */
export function Limits({ limits, width }: { limits: LimitsAnalysis; width: number }) {
  const curves = knownLimitCurves(limits.points)
  const shown = limits.points.filter(({ devices }) => Math.log2(devices) % 1 === 0)
  const difference = modelDifference(limits, limits.points)
  return (
    <>
      <Figure
        title={`Speedup by devices${engine(limits)}: a model, not a measurement`}
        note={limitsSentences(limits).join(' ')}
      >
        <LimitsChart limits={limits} look={paperLook(width)} />
      </Figure>
      {difference.length > 0 && <p>{difference.join(' ')}</p>}
      <DataTable
        caption={`The model’s speedups${engine(limits)}`}
        columns={[{ title: 'Devices' }, ...curves.map(({ title }) => ({ title, isNumeric: true }))]}
        rows={shown.map((point) => ({
          key: String(point.devices),
          head: point.devices,
          cells: limitTexts(
            point,
            curves.map(({ name }) => name),
          ),
        }))}
      />
    </>
  )
}

function engine({ engineTitle }: LimitsAnalysis): string {
  return engineTitle === null ? '' : ` on ${engineTitle}`
}
