import { machinePassports } from '../../shared/figures/machine-passports.js'
import { type Fact, machineFacts, settingFacts } from '../../shared/figures/passport.js'
import type { Report } from '../../shared/report/report.js'
import { DataTable, FactTable } from './data-table.js'

/** The machine and the settings: enough for a reader elsewhere to judge the figures. */
export function Passport({ report }: { report: Report }) {
  const { machine, otherMachines = [], configuration } = report.head
  const passports = otherMachines.length === 0 ? null : machinePassports([machine, ...otherMachines])
  return (
    <>
      {passports !== null && passports.differing.length > 0 && (
        <DataTable
          caption="What differs between the machines"
          columns={[{ title: 'Of the machine' }, ...passports.groups.map((title) => ({ title }))]}
          rows={passports.differing.map(({ what, values }) => ({ key: what, head: what, cells: values }))}
        />
      )}
      <div className="pair">
        {passports === null ? (
          <FactTable caption="Machine" facts={machineFacts(machine)} />
        ) : (
          <FactTable caption="All machines" facts={passports.common} />
        )}
        <FactTable caption="Settings" facts={[...settingFacts(configuration), exchangeFact(report)]} />
      </div>
    </>
  )
}

/** How gradients went from rank to rank, as it turned out. */
function exchangeFact({ results }: Report): Fact {
  const collectives = new Set(results.flatMap(({ collective }) => collective ?? []))
  return ['Exchange', collectives.size === 0 ? 'none' : [...collectives].join('; ')]
}
