import { DeviceUseChart } from '../../charts/device-use-chart.js'
import { mostDevicesDrawn } from '../../charts/device-use-model.js'
import { paperLook } from '../../charts/look.js'
import type { DeviceUse, StrategyUse } from '../../shared/report/device-use.js'
import { formatBytes, formatPercent, notAvailable } from '../../shared/text/format.js'
import { DataTable } from './data-table.js'
import { Figure } from './section.js'

/** How busy the devices were, over the run and by strategy. */
export function Devices({ use, width }: { use: DeviceUse; width: number }) {
  const others = use.devices.length - mostDevicesDrawn
  return (
    <>
      <Figure
        title="Utilisation over the run"
        note={`From idle to busy, as sampled. Below: which strategy trained when.${others > 0 ? ` The first ${mostDevicesDrawn} of ${use.devices.length} devices are drawn.` : ''}`}
      >
        <DeviceUseChart use={use} look={paperLook(width)} />
      </Figure>
      <DataTable
        caption="Mean utilisation while each strategy trained"
        columns={[
          { title: 'Device' },
          ...use.strategies.map(({ title }) => ({ title, isNumeric: true as const })),
        ]}
        rows={factsOf(use).map(({ title, format }) => ({
          key: title,
          head: title,
          cells: use.strategies.map(format),
        }))}
      />
    </>
  )
}

/** A row of the table: what it is about, and its cell for a strategy. */
interface Fact {
  title: string
  format(strategy: StrategyUse): string
}

/** Each device, then what is known of all of them together. */
function factsOf({ devices, strategies }: DeviceUse): Fact[] {
  const together = [
    { of: 'meanPowerWatts', title: 'Mean power, all devices', format: inUnit('W') },
    { of: 'peakMemoryBytes', title: 'Peak memory of one', format: formatBytes },
    { of: 'peakTemperatureCelsius', title: 'Highest temperature', format: inUnit('°C') },
  ] as const
  return [
    ...devices.map(({ title }, index) => ({
      title,
      format: ({ utilisation }: StrategyUse) => formatPercent(utilisation[index] ?? null),
    })),
    ...together
      .filter(({ of }) => strategies.some((strategy) => strategy[of] !== null))
      .map(({ of, title, format }) => ({ title, format: (strategy: StrategyUse) => format(strategy[of]) })),
  ]
}

function inUnit(unit: string): (value: number | null) => string {
  return (value) => (value === null ? notAvailable : `${Math.round(value)} ${unit}`)
}
