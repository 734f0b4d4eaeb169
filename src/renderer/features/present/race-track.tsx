import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { type Race, standings } from '../../../shared/explain/race.js'
import { trainedUnits } from '../../../shared/run/trained-unit.js'
import { strategyStyle } from '../../../shared/strategy-style.js'
import { formatCount, formatList } from '../../../shared/text/format.js'
import { usePrefersStills } from '../explain/use-explained-step.js'
import { ClockControls } from './clock-controls.js'
import { ClockPlayer, type Speed } from './clock-player.js'
import styles from './race.module.css'
import { RaceCanvas } from './race-canvas.js'
import type { RaceLane } from './race-lanes.js'
import { useRacePictures } from './use-race-pictures.js'

const raceSpeeds = [0.1, 0.5, 1, 2, 5, 10, 20] as const satisfies readonly Speed[]

/** All lanes of a race with its clock, and what is said of it. */
export function RaceTrack({ race }: { race: Race<RaceLane> }) {
  const inStills = usePrefersStills()
  const clock = useMemo(() => new ClockPlayer(race.lengthSeconds * 1000, inStills), [race, inStills])
  useEffect(() => () => clock.close(), [clock])
  const scheme = useComputedColorScheme('light')
  const pictures = useRacePictures(race.lanes)
  const epochs = new Set(race.lanes.map(({ epochImages }) => epochImages))
  // What is said at its end: the room is there from the beginning, so that no lane moves.
  const isLong = race.lanes.length > 3
  return (
    <>
      <p className={styles.caption} data-long={isLong} aria-live="polite">
        <RaceCaption race={race} clock={clock} />
      </p>
      <ol className={styles.lanes} data-many={race.lanes.length > 4} aria-label="Lanes">
        {race.lanes.map((lane, index) => {
          const colour = strategyStyle(lane.id, scheme).colour
          return (
            <li key={lane.key} className={styles.lane} style={{ borderColor: colour }}>
              <span className={styles.laneName}>
                {lane.title}
                {lane.where !== '' && <span className={styles.laneWhere}>{lane.where}</span>}
              </span>
              <RaceCanvas
                race={race}
                lane={index}
                clock={clock}
                pictures={pictures.get(lane.runId) ?? null}
                colour={colour}
              />
              <LaneFigure race={race} lane={index} clock={clock} />
            </li>
          )
        })}
      </ol>
      <p className={styles.note}>
        One epoch is {formatCount(race.lineImages)} {unitsOf(race)}
        {epochs.size > 1 && ', the shortest of these'}. Each lane starts with its own first step. Of several
        repeats, the middle one races; the answer is over all.
      </p>
      <ClockControls clock={clock} place="Place in the race" offered={raceSpeeds} />
    </>
  )
}

/** What is said of the race: it changes when a lane crosses the line, not with every frame. */
function RaceCaption({ race, clock }: { race: Race<RaceLane>; clock: ClockPlayer }) {
  return useSyncExternalStore(clock.subscribe, () => {
    const { positionMs, isPlaying } = clock.current
    if (positionMs === 0 && !isPlaying) return 'All start together. Press space.'
    const through = standings(race, positionMs / 1000)
      .map(({ place }, lane) => ({ place, lane }))
      .filter(({ place }) => place !== null)
      .sort((a, b) => (race.finishSeconds[a.lane] ?? 0) - (race.finishSeconds[b.lane] ?? 0))
    if (through.length === 0) return `Every picture stands for ${unitsOf(race)} that were trained.`
    const said = through.flatMap(({ lane }) => {
      const racer = race.lanes[lane]
      if (racer === undefined) return []
      const { title, where } = racer
      const time = secondsText(race.finishSeconds[lane] ?? 0)
      // Where it ran is said of those that only this sets apart.
      const isTwice = race.lanes.filter((other) => other.title === title).length > 1
      return [isTwice && where !== '' ? `${title} (${where}) after ${time}` : `${title} after ${time}`]
    })
    return `Across the line: ${formatList(said)}.`
  })
}

function LaneFigure({ race, lane, clock }: { race: Race<RaceLane>; lane: number; clock: ClockPlayer }) {
  const text = useSyncExternalStore(clock.subscribe, () => {
    const standing = standings(race, clock.current.positionMs / 1000)[lane]
    if (standing === undefined) return ''
    return standing.place === null
      ? `${formatCount(Math.floor(standing.images))} ${unitsOf(race)}`
      : `${ordinal(standing.place)}, ${secondsText(race.finishSeconds[lane] ?? 0)}`
  })
  return <span className={styles.laneFigure}>{text}</span>
}

/** All lanes count the same: runs that do not are not held against each other. */
function unitsOf({ lanes }: Race<RaceLane>): string {
  return trainedUnits[lanes[0]?.unit ?? 'image'].many
}

function secondsText(seconds: number): string {
  return `${seconds.toFixed(seconds < 100 ? 2 : 0)} s`
}

function ordinal(place: number): string {
  return `${place}${['st', 'nd', 'rd'][place - 1] ?? 'th'}`
}
