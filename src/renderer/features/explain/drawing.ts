import type { PhaseName } from '../../../shared/explain/phases.js'
import type { Moment } from '../../../shared/explain/stage-clock.js'
import type { Lane } from '../../../shared/explain/step-lanes.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'
import type { StageLayout } from './stage-layout.js'
import type { StageScene } from './stage-scene.js'

export interface StageInk {
  scheme: ColourScheme
  text: string
  faint: string
  card: string
  line: string
  fontFamily: string
}

export interface StagePicture {
  atlas: HTMLCanvasElement
  /** Pictures of each rank in the atlas. */
  ranks: number[]
}

/** One frame of the stage. */
export interface Drawing {
  context: CanvasRenderingContext2D
  scene: StageScene
  layout: StageLayout
  moment: Moment
  ink: StageInk
}

/** Whether any of these lanes has the phase. */
export function hasPhase(lanes: readonly Lane[], phase: PhaseName): boolean {
  return lanes.some(({ spans }) => spans.some((span) => span.phase === phase))
}
