import { type Fact, machineFacts, settingFacts } from '../../shared/figures/passport.js'
import type { Report } from '../../shared/report/report.js'
import { FactTable } from './data-table.js'

/** The machine and the settings: enough for a reader elsewhere to judge the figures. */
export function Passport({ report }: { report: Report }) {
  return (
    <div className="pair">
      <FactTable caption="Machine" facts={machineFacts(report.head.machine)} />
      <FactTable
        caption="Settings"
        facts={[...settingFacts(report.head.configuration), exchangeFact(report)]}
      />
    </div>
  )
}

/** How gradients went from rank to rank, as it turned out. */
function exchangeFact({ results }: Report): Fact {
  const collectives = new Set(results.flatMap(({ collective }) => collective ?? []))
  return ['Exchange', collectives.size === 0 ? 'none' : [...collectives].join('; ')]
}
