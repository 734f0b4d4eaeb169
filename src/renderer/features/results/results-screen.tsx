import { Button, Group } from '@mantine/core'
import { IconBulb, IconChartLine, IconFileExport, IconPresentation } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { strategyResults } from '../../../shared/results/strategy-results.js'
import { runHeadline } from '../../../shared/statistics/headline.js'
import { judgeRun, unreliableIds } from '../../../shared/validity/judge-run.js'
import type { RunView } from '../../state/run-view.js'
import { useAnalysis } from '../../state/use-analysis.js'
import { useRunEntry } from '../../state/use-run-entry.js'
import { useRunHead, useRunView } from '../../state/use-run-view.js'
import { NoRun } from '../shell/no-run.js'
import { RunNotices } from '../shell/run-notices.js'
import { ValidityCard } from '../validity/validity-card.js'
import { Answers } from './answers.js'
import { EpochsTable } from './epochs-table.js'
import { Failures } from './failures.js'
import { LimitsCard } from './limits-card.js'
import { MachinesAnswer } from './machines-answer.js'
import { MeasureAgain } from './measure-again.js'
import { Passport } from './passport.js'
import styles from './results-screen.module.css'
import { RunHeading } from './run-heading.js'
import { StandingActions } from './standing-actions.js'
import { SummaryCharts } from './summary-charts.js'
import { SummaryTable } from './summary-table.js'
import { WaterfallCard } from './waterfall-card.js'

/** What a run came to. */
export function ResultsScreen({ runId }: { runId: string | null }) {
  const opened = useRunView(runId)
  if (opened.kind !== 'run') {
    return (
      <NoRun
        opened={opened}
        title="Results"
        what="The results of a benchmark appear here: mean epoch times, speedup over Single, efficiency, and the machine it ran on."
      />
    )
  }
  return <ResultsOf view={opened.view} />
}

function ResultsOf({ view }: { view: RunView }) {
  const head = useRunHead(view)
  const results = useMemo(() => strategyResults(head.measurements, head.configuration), [head])
  const validity = useMemo(() => judgeRun(head, results), [head, results])
  const unreliable = useMemo(() => unreliableIds(validity), [validity])
  const analysis = useAnalysis(head)
  const entry = useRunEntry(head.runId)
  return (
    <div className={styles.screen}>
      <Group justify="space-between" align="flex-start">
        <RunHeading
          head={head}
          headline={runHeadline(results)}
          isUnreliable={validity.badge === 'unreliable'}
          entry={entry?.entry ?? null}
        />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconChartLine size={16} />}
            component={Link}
            href={`/live/${head.runId}`}
          >
            Step by step
          </Button>
          <Button
            variant="default"
            leftSection={<IconBulb size={16} />}
            component={Link}
            href={`/explain/${head.runId}`}
          >
            Explain
          </Button>
          <Button
            variant="default"
            leftSection={<IconPresentation size={16} />}
            component={Link}
            href={`/present/${head.runId}`}
          >
            Present
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileExport size={16} />}
            component={Link}
            href={`/export/${head.runId}`}
          >
            Export
          </Button>
          {/* Known a moment later than the others: at the end they move nothing. */}
          {entry !== null && <StandingActions entry={entry} />}
        </Group>
      </Group>
      {entry !== null && entry.entry.label.notes !== '' && (
        <p className={styles.noted}>{entry.entry.label.notes}</p>
      )}
      <RunNotices head={head} />
      <Failures results={results} />
      <ValidityCard validity={validity} />
      <MeasureAgain head={head} results={results} validity={validity} />
      <Answers results={results} strategies={validity.strategies} />
      {analysis !== null && <MachinesAnswer sentences={analysis.machines} tables={analysis.machineTables} />}
      <SummaryCharts results={results} unreliable={unreliable} />
      {results.some(({ answer }) => answer !== null) && (
        <div className={styles.reasons}>
          {analysis !== null && <WaterfallCard waterfalls={analysis.waterfalls} />}
          {analysis?.limits.map((limits) => (
            <LimitsCard key={limits.baseId} limits={limits} unreliable={unreliable} />
          ))}
        </div>
      )}
      <SummaryTable results={results} unreliable={unreliable} />
      <EpochsTable results={results} />
      <Passport head={head} />
    </div>
  )
}
