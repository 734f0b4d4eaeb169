import type { LimitsAnalysis } from '../../shared/analysis/limits-analysis.js'
import { formatPercent, formatSpeedup } from '../../shared/format.js'
import { LimitsChart, limitCurveTitles } from '../charts/limits-chart.js'
import { DataTable } from './data-table.js'
import { Figure } from './section.js'

/** How far it could go, by a model that says that it is one. */
export function Limits({ limits, width }: { limits: LimitsAnalysis; width: number }) {
  const curves = limitCurveTitles.filter(({ key }) => limits.points.some((point) => point[key] !== null))
  const shown = limits.points.filter(({ devices }) => Math.log2(devices) % 1 === 0)
  return (
    <>
      <Figure title="Speedup by devices: a model, not a measurement" note={describe(limits)}>
        <LimitsChart limits={limits} width={width} />
      </Figure>
      <DataTable
        caption="The model’s speedups"
        columns={[{ title: 'Devices' }, ...curves.map(({ title }) => ({ title, isNumeric: true }))]}
        rows={shown.map((point) => ({
          key: String(point.devices),
          head: point.devices,
          cells: curves.map(({ key }) => formatSpeedup(point[key]?.speedup ?? null)),
        }))}
      />
    </>
  )
}

function describe({ amdahl, bandwidth, input }: LimitsAnalysis): string {
  const how = input.scaling === 'weak' ? 'with the batch of each device kept' : 'with the global batch kept'
  return [
    `Only dots were measured; curves say what would follow for other numbers of devices, ${how}.`,
    ...(amdahl === null
      ? []
      : [
          `Amdahl’s law fits with a serial share of ${formatPercent(amdahl.serialFraction)}${amdahl.clamped ? ' (held to between 0 and 100 %)' : ''}.`,
        ]),
    ...(bandwidth === null
      ? []
      : [
          `The all-reduce within the steps ran at ${gigabytes(bandwidth.algorithmBytesPerSecond)} (algbw), ${gigabytes(bandwidth.busBytesPerSecond)} (busbw).`,
        ]),
    ...(input.model === null
      ? []
      : ['The step model adds update, compute an image and all-reduce, fitted through one measured step.']),
  ].join(' ')
}

function gigabytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`
}
