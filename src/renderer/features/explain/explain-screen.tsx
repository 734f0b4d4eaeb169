import { SegmentedControl, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { RunAnalysis } from '../../../shared/analysis/run-analysis.js'
import { baseIdOf } from '../../../shared/domain/measurement-ids.js'
import type { ExplainedMeasurement } from '../../../shared/explain/explained-run.js'
import type { Slowdown } from '../../../shared/explain/stage-clock.js'
import { isActive } from '../../../shared/run/run-stage.js'
import { answerSentence } from '../../../shared/statistics/answer-text.js'
import { capitalised } from '../../../shared/text/format.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { useDashboard } from '../../state/dashboard.js'
import { useAnswer } from '../../state/use-answer.js'
import { NoRun } from '../shell/no-run.js'
import styles from './explain-screen.module.css'
import { PairShow } from './pair-show.js'
import { measuredScene } from './stage-scene.js'
import { MeasurementChoice, StepChoice } from './step-choice.js'
import { StepLoader, StepShow } from './step-show.js'
import { useExplainedRunId } from './use-explained-run-id.js'
import { useExplainedStep } from './use-explained-step.js'
import { WhatIfShow } from './what-if-show.js'

/** What a strategy does in one recorded step, slowed down until it can be seen, and where the time went. */
export function ExplainScreen({ runId }: { runId: string | null }) {
  const chosen = useExplainedRunId(runId)
  const explained = useAnswer('explainRun', chosen.runId === null ? null : { runId: chosen.runId })
  const analysed = useAnswer('analyseRun', chosen.runId === null ? null : { runId: chosen.runId })
  const isRunning = useDashboard(
    ({ control: { stage } }) => isActive(stage) && 'runId' in stage && stage.runId === chosen.runId,
  )
  const what = 'Here one recorded step is played back slowly: what travels, when, and who waits for whom.'
  if (chosen.runId === null)
    return <NoRun opened={{ kind: chosen.isKnown ? 'none' : 'loading' }} title="Explain" what={what} />
  if (explained.kind === 'error') return <NoRun opened={explained} title="Explain" what={what} />
  if (explained.kind === 'loading') return <NoRun opened={{ kind: 'loading' }} title="Explain" what={what} />
  if (explained.answer.length === 0)
    return (
      <NoRun
        opened={{ kind: 'none' }}
        title="Explain"
        what={`${isRunning ? 'The first measurement of this run is under way; its steps can be played once it has ended.' : 'This run has no recorded steps.'} ${what}`}
      />
    )
  const analysis = analysed.kind === 'answer' ? analysed.answer : null
  return <Explained runId={chosen.runId} measurements={explained.answer} analysis={analysis} />
}

type Mode = 'measured' | 'model'

function Explained({
  runId,
  measurements,
  analysis,
}: {
  runId: string
  measurements: readonly ExplainedMeasurement[]
  analysis: RunAnalysis | null
}) {
  const [key, setKey] = useState<string | null>(null)
  const [mode, setMode] = useState<Mode>('measured')
  const [slowdown, setSlowdown] = useState<Slowdown>(50)
  const [isComparing, setComparing] = useState(false)
  const [steps, setSteps] = useState<Record<string, number>>({})
  const measurement = measurements.find((one) => one.key === key) ?? opening(measurements)
  const index = steps[measurement.key] ?? measurement.picked.typical ?? 0
  const { straggler, even } = measurement.picked
  const pair = isComparing && straggler !== null && even !== null ? ([straggler, even] as const) : null
  const baseId = baseIdOf(measurement)
  const limits = analysis?.limits.find((one) => one.baseId === baseId && one.input.model !== null) ?? null
  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        <Title order={1} size="h2">
          {mode === 'model'
            ? 'What if?'
            : `${pair === null ? 'One step' : 'Two steps'} of ${measurement.title}`}
        </Title>
        {mode === 'measured' && (
          <MeasurementChoice measurements={measurements} chosen={measurement} onMeasurement={setKey} />
        )}
        {limits !== null && (
          <SegmentedControl
            className={styles.mode ?? ''}
            aria-label="What is shown"
            value={mode}
            onChange={(value) => setMode(value as Mode)}
            data={[
              { value: 'measured', label: 'Measured' },
              { value: 'model', label: 'What if' },
            ]}
          />
        )}
      </div>
      {mode === 'model' && limits !== null ? (
        <WhatIfShow key={baseId} limits={limits} slowdown={slowdown} onSlowdown={setSlowdown} />
      ) : (
        <>
          <StepChoice
            chosen={measurement}
            index={index}
            isPair={pair !== null}
            onStep={(step) => {
              setComparing(false)
              setSteps({ ...steps, [measurement.key]: step })
            }}
            onPair={() => setComparing(true)}
          />
          {pair === null ? (
            <MeasuredShow
              runId={runId}
              measurement={measurement}
              index={index}
              answer={answerOf(measurement, analysis)}
              slowdown={slowdown}
              onSlowdown={setSlowdown}
            />
          ) : (
            <PairShow
              runId={runId}
              measurement={measurement}
              steps={pair}
              slowdown={slowdown}
              onSlowdown={setSlowdown}
            />
          )}
        </>
      )}
    </div>
  )
}

/** Where people begin: the last of the strategies, which has most to show. */
function opening(measurements: readonly ExplainedMeasurement[]): ExplainedMeasurement {
  const last = measurements.at(-1)
  return measurements.find(({ id }) => id === last?.id) ?? (measurements[0] as ExplainedMeasurement)
}

function MeasuredShow(show: {
  runId: string
  measurement: ExplainedMeasurement
  index: number
  answer: string | null
  slowdown: Slowdown
  onSlowdown(slowdown: Slowdown): void
}) {
  const { runId, measurement, index, answer, slowdown, onSlowdown } = show
  const { step, pictures, noPictures, error } = useExplainedStep(runId, measurement, index)
  const scene = useMemo(
    () => (step === null ? null : measuredScene(measurement, step, slowdown)),
    [measurement, step, slowdown],
  )
  if (error !== null) return <p role="alert">{error}</p>
  if (scene === null || step === null) return <StepLoader />
  return (
    <StepShow
      scene={scene}
      pictures={pictures}
      noPictures={noPictures}
      waterfall={step.waterfall}
      answer={answer}
      slowdown={slowdown}
      onSlowdown={onSlowdown}
    />
  )
}

/** The run's answer, with its interval, and how far it can be relied on. */
function answerOf({ id }: ExplainedMeasurement, analysis: RunAnalysis | null): string | null {
  const answer = analysis?.results.find((result) => result.id === id)?.answer ?? null
  if (analysis === null || answer === null) return null
  const badge =
    analysis.validity.strategies.find((strategy) => strategy.id === id)?.badge ?? analysis.validity.badge
  return `Over the whole run: ${answerSentence(answer).split(';')[0]}. ${capitalised(badgeTitles[badge])}.`
}
