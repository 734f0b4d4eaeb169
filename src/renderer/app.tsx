import { lazy, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { BenchmarkScreen } from './features/benchmark/benchmark-screen.js'
import { runIdsOf } from './features/compare/compare-path.js'
import { CompareScreen } from './features/compare/compare-screen.js'
import { DoctorScreen } from './features/doctor/doctor-screen.js'
import { ExplainScreen } from './features/explain/explain-screen.js'
import { HistoryScreen } from './features/history/history-screen.js'
import { LiveScreen } from './features/live/live-screen.js'
import { PresentScreen } from './features/present/present-screen.js'
import { ResultsScreen } from './features/results/results-screen.js'
import { ScriptScreen } from './features/script/script-screen.js'
import { Frame } from './features/shell/frame.js'
import { useOpeningScreen } from './features/shell/opening-screen.js'
import { StopQuestion } from './features/shell/stop-question.js'
import { TurnedAway } from './features/shell/turned-away.js'
import { useDashboard } from './state/dashboard.js'

/** Loaded when it is opened: it brings what draws reports. */
const ExportScreen = lazy(async () => ({
  default: (await import('./features/export/export-screen.js')).ExportScreen,
}))

/** Which screen stands at which address; the frame around it stays. */
export function App() {
  return (
    <Router hook={useHashLocation}>
      <StopQuestion>
        <Screens />
      </StopQuestion>
    </Router>
  )
}

function Screens() {
  useOpeningScreen()
  const connection = useDashboard((state) => state.connection)
  const wasNeverIn = useDashboard(({ app }) => app === null)
  if (connection.status === 'turned-away' && wasNeverIn) return <TurnedAway error={connection.error} />
  return (
    <Switch>
      <Route path="/present/:runId?/:otherRunId?">
        {({ runId, otherRunId }) => <PresentScreen runId={runId ?? null} otherRunId={otherRunId ?? null} />}
      </Route>
      <Route>
        <Frame>
          <Switch>
            <Route path="/live/:runId?">{({ runId }) => <LiveScreen runId={runId ?? null} />}</Route>
            <Route path="/results/:runId?">{({ runId }) => <ResultsScreen runId={runId ?? null} />}</Route>
            <Route path="/explain/:runId?">{({ runId }) => <ExplainScreen runId={runId ?? null} />}</Route>
            <Route path="/export/:runId">
              {({ runId }) => (
                <Suspense>
                  <ExportScreen runId={runId} />
                </Suspense>
              )}
            </Route>
            <Route path="/compare/:runIds?">
              {({ runIds }) => <CompareScreen runIds={runIdsOf(runIds)} />}
            </Route>
            <Route path="/doctor">
              <DoctorScreen />
            </Route>
            <Route path="/script">
              <ScriptScreen />
            </Route>
            <Route path="/history">
              <HistoryScreen />
            </Route>
            <Route>
              <BenchmarkScreen />
            </Route>
          </Switch>
        </Frame>
      </Route>
    </Switch>
  )
}
