import { useEffect, useRef } from 'react'
import { type Race, standings } from '../../../shared/explain/race.js'
import type { StagePicture } from '../explain/drawing.js'
import { atlasPlace, pictureSide } from '../explain/stage-scene.js'
import type { ClockPlayer } from './clock-player.js'
import styles from './race.module.css'
import type { RaceLane } from './race-lanes.js'

/** How high a picture is about, in rem: as many rows of them as a bar has room for. */
const tileRem = 1.75

/** The bar of one lane, which fills with pictures from the left: each stands for as many images as the bar has room. */
export function RaceCanvas({
  race,
  lane,
  clock,
  pictures,
  colour,
}: {
  race: Race<RaceLane>
  lane: number
  clock: ClockPlayer
  pictures: StagePicture | null
  colour: string
}) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    const canvas = element?.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!element || !canvas || !context) return
    let drawn = 0
    let rows = 1
    let columns = 0
    let side = 0
    let stride = 0
    const measure = (): void => {
      const pixels = window.devicePixelRatio || 1
      const { clientWidth: width, clientHeight: height } = element
      canvas.width = Math.round(width * pixels)
      canvas.height = Math.round(height * pixels)
      context.setTransform(pixels, 0, 0, pixels, 0, 0)
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      rows = Math.max(1, Math.round(height / (tileRem * rem)))
      side = height / rows
      columns = side > 0 ? Math.floor(width / side) : 0
      // The last column touches the line.
      stride = columns > 0 ? width / columns : 0
      drawn = 0
    }
    const tile = (index: number): void => {
      const [x, y] = [Math.floor(index / rows) * stride, (index % rows) * side]
      if (pictures === null) {
        context.fillRect(x + 1, y + 1, side - 2, side - 2)
        return
      }
      const count = pictures.ranks.reduce((sum, one) => sum + one, 0)
      const from = atlasPlace(index % Math.max(1, count))
      context.drawImage(
        pictures.atlas,
        from.x,
        from.y,
        pictureSide,
        pictureSide,
        x + 1,
        y + 1,
        side - 2,
        side - 2,
      )
    }
    // Only what came since is drawn: a frame costs as much as there is new.
    const draw = (): void => {
      const share = standings(race, clock.current.positionMs / 1000)[lane]?.share ?? 0
      const wanted = Math.floor(share * rows * columns)
      if (wanted < drawn) {
        context.clearRect(0, 0, canvas.width, canvas.height)
        drawn = 0
      }
      context.fillStyle = colour
      for (; drawn < wanted; drawn++) tile(drawn)
    }
    const observer = new ResizeObserver(() => {
      measure()
      draw()
    })
    observer.observe(element)
    const unsubscribe = clock.subscribe(draw)
    return () => {
      observer.disconnect()
      unsubscribe()
    }
  }, [race, lane, clock, pictures, colour])
  return (
    <div ref={place} className={styles.bar} aria-hidden="true">
      <canvas />
    </div>
  )
}
