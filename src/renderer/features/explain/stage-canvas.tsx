import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useHighContrast } from '../../theme/high-contrast.js'
import { drawStage } from './draw-stage.js'
import type { StageInk, StagePicture } from './drawing.js'
import styles from './explain-screen.module.css'
import { type StageLayout, stageLayout } from './stage-layout.js'
import type { StageScene } from './stage-scene.js'
import type { ShownMoment } from './step-player.js'

/** The stage: pictures, devices and what travels between them. Drawn when the player moves, and never while hidden. */
export function StageCanvas({
  scene,
  player,
  pictures,
}: {
  scene: StageScene
  player: ShownMoment
  pictures: StagePicture | null
}) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const { isHigh } = useHighContrast()

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the contrast changes
  useEffect(() => {
    const element = place.current
    const canvas = element?.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!element || !canvas || !context) return
    const ink = inkOf(element, scheme)
    let layout: StageLayout | null = null
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element
      const pixels = window.devicePixelRatio || 1
      canvas.width = Math.round(width * pixels)
      canvas.height = Math.round(height * pixels)
      context.setTransform(pixels, 0, 0, pixels, 0, 0)
      layout = stageLayout({
        width,
        height,
        machines: scene.machines,
        idleDevices: scene.idleNames.length,
        hasOwnReaders: scene.cast.exchanges,
        leastFontPixels: Number.parseFloat(getComputedStyle(element).fontSize) || 12,
      })
    }
    const draw = (): void => {
      if (layout !== null) drawStage({ context, scene, layout, moment: player.moment, ink }, pictures)
    }
    const observer = new ResizeObserver(() => {
      measure()
      draw()
    })
    observer.observe(element)
    const unsubscribe = player.subscribe(draw)
    return () => {
      observer.disconnect()
      unsubscribe()
    }
  }, [scene, player, pictures, scheme, isHigh])

  return (
    <div ref={place} className={styles.stage} aria-hidden="true">
      <canvas />
    </div>
  )
}

function inkOf(element: HTMLElement, scheme: StageInk['scheme']): StageInk {
  const style = getComputedStyle(element)
  const variable = (name: string) => style.getPropertyValue(name).trim()
  return {
    scheme,
    text: style.color,
    faint: variable('--faint'),
    card: variable('--card'),
    line: variable('--line'),
    fontFamily: style.fontFamily,
  }
}
