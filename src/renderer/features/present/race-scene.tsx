import { Checkbox } from '@mantine/core'
import { useMemo, useState } from 'react'
import { isOnAllCores } from '../../../shared/domain/measurement-ids.js'
import { fewestLanes, mostLanes, raceOf } from '../../../shared/explain/race.js'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'
import { useAnswer } from '../../state/use-answer.js'
import screen from './present-screen.module.css'
import styles from './race.module.css'
import { firstLanes, laneName, type RaceRun, raceLanes } from './race-lanes.js'
import { RaceTrack } from './race-track.js'
import { SceneNotice } from './scene-notice.js'

const title = 'Who trains an epoch first?'

/** All strategies of a run, or of two, from the first step of each on one clock. */
export function RaceScene({ runId, otherRunId }: { runId: string; otherRunId: string | null }) {
  const own = useAnswer('explainRun', { runId })
  const other = useAnswer('explainRun', otherRunId === null ? null : { runId: otherRunId })
  const ownEntry = useAnswer('describeRun', otherRunId === null ? null : { runId })
  const otherEntry = useAnswer('describeRun', otherRunId === null ? null : { runId: otherRunId })
  const examples = useAnswer('listExamples', otherRunId === null ? null : {})
  if (own.kind !== 'answer') return <SceneNotice title={title} answered={own} />
  if (otherRunId === null) {
    return <RaceOf runs={[{ runId, where: '', measurements: own.answer }]} />
  }
  if (other.kind !== 'answer') return <SceneNotice title={title} answered={other} />
  const entryOf = (described: typeof ownEntry, id: string): HistoryEntry | null => {
    if (described.kind === 'answer') return described.answer.entry
    return examples.kind === 'answer' ? (examples.answer.find((one) => one.runId === id) ?? null) : null
  }
  const names = namesOf(entryOf(ownEntry, runId), entryOf(otherEntry, otherRunId))
  return (
    <RaceOf
      key={names.join(' ')}
      runs={[
        { runId, where: names[0], measurements: own.answer },
        { runId: otherRunId, where: names[1], measurements: other.answer },
      ]}
    />
  )
}

/** What tells two runs apart: their names, else their machines, else when they began. */
function namesOf(one: HistoryEntry | null, other: HistoryEntry | null): [string, string] {
  const ways: ((entry: HistoryEntry) => string | null)[] = [
    ({ label }) => label.name,
    ({ hostName }) => hostName,
    ({ measurements }) => measurements.find(({ backend }) => backend !== null)?.backend ?? null,
    ({ startedAt }) =>
      new Date(startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  ]
  for (const way of ways) {
    const [first, second] = [one && way(one), other && way(other)]
    if (first && second && first !== second) return [first, second]
  }
  return ['first run', 'second run']
}

function RaceOf({ runs }: { runs: RaceRun[] }) {
  // The runs are a new list at each rendering; what they hold is the host's answer, which stays.
  const [entered] = useState(() => raceLanes(runs))
  const [keys, setKeys] = useState(() => firstLanes(entered, (lane) => !isOnAllCores(lane)))
  const race = useMemo(() => raceOf(entered.filter(({ key }) => keys.includes(key))), [entered, keys])
  if (race === null) {
    return (
      <SceneNotice
        title={title}
        answered={{ kind: 'none', reason: 'A race takes two measurements with steps; this run has fewer' }}
      />
    )
  }
  return (
    <>
      <h1 className={screen.title}>{title}</h1>
      <RaceTrack race={race} />
      {entered.length > fewestLanes && (
        <fieldset className={styles.entries}>
          <legend className={styles.legend}>On the track</legend>
          <div className={styles.lanesOffered}>
            {entered.map((lane) => {
              const isIn = keys.includes(lane.key)
              return (
                <Checkbox
                  key={lane.key}
                  label={laneName(lane)}
                  checked={isIn}
                  disabled={isIn ? keys.length <= fewestLanes : keys.length >= mostLanes}
                  onChange={() =>
                    setKeys(isIn ? keys.filter((key) => key !== lane.key) : [...keys, lane.key])
                  }
                />
              )
            })}
          </div>
        </fieldset>
      )}
    </>
  )
}
