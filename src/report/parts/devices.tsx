import { formatBytes, formatPercent, notAvailable } from '../../shared/format.js'
import type { DeviceUse } from '../../shared/report/device-use.js'
import { DeviceUseChart, mostDevicesDrawn } from '../charts/device-use-chart.js'
import { DataTable } from './data-table.js'
import { Figure } from './section.js'

/** How busy the devices were, over the run and by strategy. */
export function Devices({ use, width }: { use: DeviceUse; width: number }) {
  const { devices, strategies } = use
  const others = devices.length - mostDevicesDrawn
  const knows = (of: 'meanPowerWatts' | 'peakMemoryBytes' | 'peakTemperatureCelsius'): boolean =>
    strategies.some((strategy) => strategy[of] !== null)
  const columns = [
    ...devices.map(({ title }, index) => ({
      title,
      cell: ({ utilisation }: DeviceUse['strategies'][number]) => formatPercent(utilisation[index] ?? null),
    })),
    ...(knows('meanPowerWatts')
      ? [
          {
            title: 'Mean power',
            cell: ({ meanPowerWatts }: DeviceUse['strategies'][number]) => inUnit(meanPowerWatts, 'W'),
          },
        ]
      : []),
    ...(knows('peakMemoryBytes')
      ? [
          {
            title: 'Most memory',
            cell: ({ peakMemoryBytes }: DeviceUse['strategies'][number]) => formatBytes(peakMemoryBytes),
          },
        ]
      : []),
    ...(knows('peakTemperatureCelsius')
      ? [
          {
            title: 'Highest temperature',
            cell: ({ peakTemperatureCelsius }: DeviceUse['strategies'][number]) =>
              inUnit(peakTemperatureCelsius, '°C'),
          },
        ]
      : []),
  ]
  return (
    <>
      <Figure
        title="Utilisation over the run"
        note={`From idle to busy, as sampled; below, which strategy trained when.${others > 0 ? ` The first ${mostDevicesDrawn} of ${devices.length} devices are drawn.` : ''}`}
      >
        <DeviceUseChart use={use} width={width} />
      </Figure>
      <DataTable
        caption="Mean utilisation while each strategy trained"
        columns={[{ title: 'Strategy' }, ...columns.map(({ title }) => ({ title, isNumeric: true }))]}
        rows={strategies.map((strategy) => ({
          key: strategy.id,
          head: strategy.title,
          cells: columns.map(({ cell }) => cell(strategy)),
        }))}
      />
    </>
  )
}

function inUnit(value: number | null, unit: string): string {
  return value === null ? notAvailable : `${Math.round(value)} ${unit}`
}
