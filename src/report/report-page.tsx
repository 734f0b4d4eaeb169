import { formatPercent, formatSeconds, formatSpeedup } from '../shared/format.js'
import type { Report } from '../shared/report/report.js'
import { BarsChart } from './charts/bars-chart.js'
import { LinesChart } from './charts/lines-chart.js'
import { PhasesChart } from './charts/phases-chart.js'
import { WaterfallChart } from './charts/waterfall-chart.js'
import { Answers } from './parts/answers.js'
import { Devices } from './parts/devices.js'
import { EpochsTable } from './parts/epochs-table.js'
import { Heading } from './parts/heading.js'
import { Limits } from './parts/limits.js'
import { Method } from './parts/method.js'
import { Passport } from './parts/passport.js'
import { RepeatsTable } from './parts/repeats-table.js'
import { Reproduce } from './parts/reproduce.js'
import { Figure, Section } from './parts/section.js'
import { StepTable, SummaryTable } from './parts/summary-table.js'
import { Findings, WorkTable } from './parts/validity.js'

/** Charts are drawn in CSS pixels for the width of an A4 page's text. */
const fullWidth = 672
const halfWidth = 326

/** A report's content: what the answer is, how it came about, and what it was measured with. */
export function ReportPage({ report }: { report: Report }) {
  const { results, validity, waterfalls, limits, stepTimes, curves, deviceUse, head } = report
  const isMeasured = results.some(({ imagesPerSecond }) => imagesPerSecond !== null)
  return (
    <main className="report">
      <Heading report={report} />
      {results.length > 0 && (
        <Section title="How much faster?">
          <Answers results={results} strategies={validity.strategies} />
          <Findings validity={validity} />
          {isMeasured && <SpeedupFigure report={report} />}
          <SummaryTable results={results} />
        </Section>
      )}
      {isMeasured && (
        <Section title="Time and efficiency">
          <div className="pair">
            <Figure title="Mean epoch time" note="Lower is faster.">
              <BarsChart
                title="Mean epoch time"
                axisTitle="seconds"
                figure={report.epochTime}
                format={formatSeconds}
                formatTick={String}
                width={halfWidth}
              />
            </Figure>
            <Figure title="Efficiency" note="Speedup over the number of devices.">
              <BarsChart
                title="Efficiency"
                axisTitle="of ideal"
                figure={report.efficiency}
                format={formatPercent}
                formatTick={(share) => `${Math.round(share * 100)} %`}
                width={halfWidth}
              />
            </Figure>
          </div>
          <RepeatsTable results={results} />
        </Section>
      )}
      {waterfalls.length > 0 && (
        <Section title="Why not N times?">
          <p>
            From the step that the devices would make if they shared Single’s work without any loss to the
            step that they made: milliseconds a step, mean over all repeats.
          </p>
          {waterfalls.map((waterfall) => (
            <Figure key={waterfall.id} title={waterfall.title}>
              <WaterfallChart shown={waterfall} width={fullWidth} />
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
            <PhasesChart strategies={stepTimes} width={fullWidth} />
          </Figure>
          <StepTable results={results} times={stepTimes} />
          <div className="pair">
            <Figure title="Loss" note={curveNote(report)}>
              <LinesChart
                title="Loss"
                curves={curves.loss}
                format={(value) => String(Number(value.toFixed(2)))}
                width={halfWidth}
                fromZero={false}
              />
            </Figure>
            <Figure title="Throughput, images/s" note={curveNote(report)}>
              <LinesChart
                title="Throughput in images a second"
                curves={curves.imagesPerSecond}
                format={(value) => value.toLocaleString('en-US', { maximumFractionDigits: 1 })}
                width={halfWidth}
                fromZero
              />
            </Figure>
          </div>
          {deviceUse !== null && <Devices use={deviceUse} width={fullWidth} />}
        </Section>
      )}
      {limits !== null && (
        <Section title="How far could it go?">
          <Limits limits={limits} width={fullWidth} />
        </Section>
      )}
      <Section title="How it was measured">
        <Method report={report} />
        <WorkTable strategies={validity.strategies} />
      </Section>
      <Section title="What it was measured with">
        <Passport report={report} />
        {head.notes.length > 0 && (
          <>
            <h3>Notes of the run</h3>
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
    </main>
  )
}

function SpeedupFigure({ report: { speedup, head } }: { report: Report }) {
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

function curveNote({ head: { configuration } }: Report): string {
  return configuration.repeats > 1
    ? 'Mean of all repeats, in the band from the lowest to the highest.'
    : 'Mean of neighbouring steps.'
}
