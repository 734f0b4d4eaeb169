import type { ColourScheme } from '../shared/strategy-style.js'
import type { LimitCurveName } from './limits-model.js'
import { inkOf } from './look.js'
import { waterfallColour } from './palettes.js'

/** How a curve of the limits is drawn. */
export interface LimitStroke {
  colour: string
  width: number
  opacity: number
  dash: readonly number[]
}

/** Wide and pale below, narrow above: where curves meet, both are seen. */
export function limitStroke(name: LimitCurveName, scheme: ColourScheme): LimitStroke {
  const ink = inkOf(scheme)
  const strokes: Record<LimitCurveName, LimitStroke> = {
    ideal: { colour: ink.faint, width: 6, opacity: 0.3, dash: [] },
    allReduceBound: { colour: ink.faint, width: 2.5, opacity: 1, dash: [2, 3] },
    predicted: { colour: ink.text, width: 1.5, opacity: 1, dash: [] },
    amdahl: { colour: waterfallColour('more', scheme), width: 1.75, opacity: 1, dash: [8, 4] },
  }
  return strokes[name]
}
