import { useEffect, useState } from 'react'
import { useHost } from '../../state/dashboard.js'
import type { StagePicture } from '../explain/drawing.js'
import { pictureAtlas } from '../explain/stage-scene.js'
import type { RaceLane } from './race-lanes.js'

/** The pictures of the first step of each run's first lane, by run; none where they are not on this machine. */
export function useRacePictures(lanes: readonly RaceLane[]): ReadonlyMap<string, StagePicture> {
  const call = useHost()
  const [pictures, setPictures] = useState<ReadonlyMap<string, StagePicture>>(new Map())
  const firsts = [...new Map(lanes.map((lane) => [lane.runId, lane.measurementKey])).entries()]
  const asked = JSON.stringify(firsts)
  useEffect(() => {
    let isCurrent = true
    const wanted: [runId: string, key: string][] = JSON.parse(asked)
    for (const [runId, key] of wanted) {
      call('readStepPictures', { runId, key, epoch: 0, step: 0, limit: 512 })
        .then((answer) => {
          const atlas = pictureAtlas(answer)
          if (isCurrent && atlas !== null) setPictures((before) => new Map(before).set(runId, atlas))
        })
        // Lanes fill with their colour then.
        .catch(() => {})
    }
    return () => {
      isCurrent = false
    }
  }, [asked, call])
  return pictures
}
