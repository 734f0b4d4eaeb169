import { paperLook } from '../charts/look.js'
import { PhasesChart } from '../charts/phases-chart.js'
import { WaterfallChart } from '../charts/waterfall-chart.js'
import type { Report } from '../shared/report/report.js'
import { unreliableIds } from '../shared/validity/judge-run.js'
import { Answers } from './parts/answers.js'
import { SpeedupFigure, TimeAndEfficiency } from './parts/bar-figures.js'
import { Curves } from './parts/curves.js'
import { Devices } from './parts/devices.js'
import { EpochsTable } from './parts/epochs-table.js'
import { Failures } from './parts/failures.js'
import { Heading } from './parts/heading.js'
import { Limits } from './parts/limits.js'
import { Machines } from './parts/machines.js'
import { Method } from './parts/method.js'
import { Passport } from './parts/passport.js'
import { RepeatsTable } from './parts/repeats-table.js'
import { Reproduce } from './parts/reproduce.js'
import { Figure, Section } from './parts/section.js'
import { StepTable, SummaryTable } from './parts/summary-table.js'
import { Findings, WorkTable } from './parts/validity.js'
import { fullWidth } from './parts/widths.js'

/** A report's content: what the answer is, how it came about, and what it was measured with. */
export function ReportPage({ report }: { report: Report }) {
  const { results, validity, machines, machineTables, waterfalls, limits, stepTimes, deviceUse, head } =
    report
  const isMeasured = results.some(({ imagesPerSecond }) => imagesPerSecond !== null)
  return (
    <div className="report">
      <Heading report={report} />
      {results.length > 0 && (
        <Section title="How much faster?">
          <Answers results={results} strategies={validity.strategies} />
          <Findings validity={validity} />
          <SpeedupFigure report={report} />
          <SummaryTable results={results} unreliable={unreliableIds(validity)} />
        </Section>
      )}
      <Failures results={results} />
      {machines.length > 0 && (
        <Section title="Is it the network?">
          <Machines sentences={machines} tables={machineTables} />
        </Section>
      )}
      {isMeasured && (
        <Section title="Time and efficiency">
          <TimeAndEfficiency report={report} />
          <RepeatsTable results={results} />
        </Section>
      )}
      {waterfalls.length > 0 && (
        <Section title="Why not N times?">
          <p>
            From the step that the devices would make if they shared Single’s work without loss, to the step
            that they made: milliseconds per step, mean over all repeats.
          </p>
          {waterfalls.map((waterfall) => (
            <Figure key={waterfall.id} title={waterfall.title}>
              <WaterfallChart shown={waterfall} look={paperLook(fullWidth)} />
            </Figure>
          ))}
        </Section>
      )}
      {stepTimes.length > 0 && (
        <Section title="Step by step">
          <Figure
            title="Time per step"
            note="Mean over all steps and repeats; phases are means over the ranks."
          >
            <PhasesChart strategies={stepTimes} look={paperLook(fullWidth)} />
          </Figure>
          <StepTable results={results} times={stepTimes} />
          <Curves report={report} />
          {deviceUse !== null && <Devices use={deviceUse} width={fullWidth} />}
        </Section>
      )}
      {limits.length > 0 && (
        <Section title="How far could it go?">
          {limits.map((one) => (
            <Limits key={one.baseId} limits={one} width={fullWidth} />
          ))}
        </Section>
      )}
      <Section title="How it was measured">
        <Method report={report} />
        <WorkTable strategies={validity.strategies} />
      </Section>
      <Section title="What it was measured on">
        <Passport report={report} />
        {head.notes.length > 0 && (
          <>
            <h3>Notes on the run</h3>
            <ul>
              {head.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </>
        )}
      </Section>
      <Section title="How to reproduce it" isOnePage>
        <Reproduce report={report} />
      </Section>
      {isMeasured && (
        <Section title="All epochs">
          <EpochsTable results={results} />
        </Section>
      )}
    </div>
  )
}
