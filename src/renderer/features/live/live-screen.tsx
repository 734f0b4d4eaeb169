import { Badge, Button, Group, Title } from '@mantine/core'
import { IconFileText, IconReportAnalytics } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { runTitle } from '../../../shared/run/run-title.js'
import { useDashboard } from '../../state/dashboard.js'
import type { RunView } from '../../state/run-view.js'
import { useRunHead, useRunView } from '../../state/use-run-view.js'
import { ExplainLink } from '../explain/explain-link.js'
import { NoRun } from '../shell/no-run.js'
import { RunNotices } from '../shell/run-notices.js'
import { LiveFindings } from '../validity/live-findings.js'
import { ArrivalChart } from './arrival-chart.js'
import { DeviceChart } from './device-chart.js'
import styles from './live-screen.module.css'
import { LogDrawer } from './log-drawer.js'
import { MachinesCard } from './machines-card.js'
import { PhasesChart } from './phases-chart.js'
import { LossChart, SpeedupChart, ThroughputChart } from './step-charts.js'
import { StrategyTiles } from './strategy-tiles.js'
import { useRepeatScope } from './use-repeat-scope.js'
import { useToggles } from './use-toggles.js'
import { initialOptions, type ViewOptions, ViewOptionsBar } from './view-options.js'

/** A run while it happens, or one from the history as it happened. */
export function LiveScreen({ runId }: { runId: string | null }) {
  const opened = useRunView(runId)
  const isPreparing = useDashboard(({ control }) => control.stage.kind === 'preparing')
  if (opened.kind !== 'run') {
    return (
      <NoRun
        opened={opened}
        title="Live"
        what={
          isPreparing
            ? 'The benchmark is being prepared; its charts appear with the first step.'
            : 'Watch a benchmark here while it runs: loss, throughput, utilisation and speedup, step by step.'
        }
      />
    )
  }
  return <LiveRunScreen view={opened.view} isLive={opened.isLive} />
}

function LiveRunScreen({ view, isLive }: { view: RunView; isLive: boolean }) {
  const [options, setOptions] = useState(initialOptions)
  const [showsLog, setShowsLog] = useState(false)
  const { planned: repeats } = useRepeatScope(view, options.repeat)
  return (
    <div className={styles.screen}>
      <Head view={view} isLive={isLive} showLog={() => setShowsLog(true)}>
        <ViewOptionsBar options={options} repeats={repeats} onChange={setOptions} />
      </Head>
      <Notices view={view} />
      <StrategyTiles view={view} repeat={options.repeat} />
      <MachinesCard view={view} repeat={options.repeat} />
      <Charts view={view} isLive={isLive} options={options} />
      <LogDrawer view={view} opened={showsLog} onClose={() => setShowsLog(false)} />
    </div>
  )
}

interface HeadProps {
  view: RunView
  isLive: boolean
  showLog(): void
  /** Further tools. */
  children: ReactNode
}

function Head({ view, isLive, showLog, children }: HeadProps) {
  const head = useRunHead(view)
  return (
    <Group justify="space-between" gap="xs" className={styles.head}>
      <Group gap="sm" wrap="nowrap" className={styles.name ?? ''}>
        <Title order={1} size="h2" className={styles.title} title={runTitle(head)}>
          {runTitle(head)}
        </Title>
        {!isLive && (
          <Badge variant="outline" tt="none" className={styles.recorded ?? ''}>
            Recorded on {head.machine.hostName}
          </Badge>
        )}
      </Group>
      <Group gap="xs" className={styles.tools ?? ''}>
        <LiveFindings head={head} />
        {children}
        <Group gap={6} className={styles.acts ?? ''}>
          <Button size="xs" variant="default" leftSection={<IconFileText size={14} />} onClick={showLog}>
            Log
          </Button>
          <Button
            size="xs"
            variant={head.finishedAtMs === null ? 'default' : 'filled'}
            leftSection={<IconReportAnalytics size={14} />}
            component={Link}
            href={`/results/${head.runId}`}
          >
            Results
          </Button>
          <ExplainLink head={head} />
        </Group>
      </Group>
    </Group>
  )
}

function Notices({ view }: { view: RunView }) {
  return <RunNotices head={useRunHead(view)} />
}

function Charts({ view, isLive, options }: { view: RunView; isLive: boolean; options: ViewOptions }) {
  const strategies = useToggles()
  const devices = useToggles()
  const ranks = useToggles()
  const ofSteps = { view, options, isLive, hidden: strategies.hidden, onToggle: strategies.toggle }
  return (
    <div className={styles.charts}>
      <LossChart {...ofSteps} />
      <ThroughputChart {...ofSteps} />
      <SpeedupChart {...ofSteps} />
      <DeviceChart view={view} isLive={isLive} hidden={devices.hidden} onToggle={devices.toggle} />
      <PhasesChart view={view} repeat={options.repeat} />
      <ArrivalChart
        view={view}
        options={options}
        isLive={isLive}
        hidden={ranks.hidden}
        onToggle={ranks.toggle}
      />
    </div>
  )
}
