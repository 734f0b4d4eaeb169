import type { PhaseName } from '../shared/explain/phases.js'
import type { PhaseName as GroupPhase } from '../shared/live/group-step.js'
import type { ColourScheme, StrategyStyle } from '../shared/strategy-style.js'

/*
 * Strategies, phases and devices each have colours of their own, so that on a screen that shows all three none is taken
 * for another. Strategies' are with the strategies (src/shared/domain): blue, orange, green and mauve. Phases are slate
 * where a device works and crimson where time is lost to there being several; devices and ranks are violet, olive, brown
 * and grey. Within a family lightness differs too, and phases have a pattern or devices a dash, for readers who do not
 * see the hue.
 */

type Colours = Readonly<Record<ColourScheme, string>>

/** Text on these has a contrast of 4.5 and more. */
const work: Colours = { light: '#37475a', dark: '#a9bbd1' }
const lightWork: Colours = { light: '#66788e', dark: '#6e829a' }
const lost: Colours = { light: '#b3284c', dark: '#f56d8c' }
const rest: Colours = { light: '#c9d0d8', dark: '#434c57' }

const phaseColours: Readonly<Record<PhaseName, Colours>> = {
  'data-wait': lost,
  scatter: lost,
  replicate: lost,
  forward: { light: '#52657c', dark: '#c3d0e0' },
  gather: lost,
  backward: work,
  reduce: lost,
  compute: work,
  send: lost,
  'straggler-wait': lost,
  'all-reduce': lost,
  update: lightWork,
  rest: { light: '#8b95a1', dark: '#75808c' },
  between: { light: '#8b95a1', dark: '#75808c' },
}

/** What happens in a step, in every view. */
export function phaseColour(phase: PhaseName, scheme: ColourScheme): string {
  return phaseColours[phase][scheme]
}

/** How a part of a mean step is filled; waiting is striped, so that it is not taken for the exchange beside it. */
export interface Fill {
  colour: string
  isStriped: boolean
}

const stepParts: Readonly<Record<GroupPhase | 'other', Colours & { isStriped?: true }>> = {
  dataWaitMs: { ...lost, isStriped: true },
  computeMs: work,
  communicationMs: lost,
  updateMs: lightWork,
  other: rest,
}

export function stepPartFill(part: GroupPhase | 'other', scheme: ColourScheme): Fill {
  const { isStriped = false, ...colours } = stepParts[part]
  return { colour: colours[scheme], isStriped }
}

const waterfall: Readonly<Record<'total' | 'more' | 'less', Colours>> = {
  total: work,
  more: lost,
  less: { light: '#6a4fc0', dark: '#b7a3ff' },
}

/** The bars of a waterfall: time that a step takes, loses and gains. */
export function waterfallColour(kind: keyof typeof waterfall, scheme: ColourScheme): string {
  return waterfall[kind][scheme]
}

const devices: Readonly<Record<ColourScheme, readonly string[]>> = {
  light: ['#6a4fc0', '#75741a', '#4a5460', '#8c4a2f', '#a18ee6', '#a9a63c'],
  dark: ['#b7a3ff', '#cfca5a', '#aeb8c4', '#d99a78', '#7f66d9', '#8f8c2f'],
}

const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 3]]

/** A line that stands for a device or a rank: neighbours differ in colour and in dash. */
export function deviceStyle(index: number, scheme: ColourScheme): StrategyStyle {
  const colours = devices[scheme]
  // The dash moves on once more with each round of colours: no two of the first 36 are alike.
  const dash = dashes[(index + Math.floor(index / colours.length)) % dashes.length] as number[]
  return { colour: colours[index % colours.length] as string, dash: [...dash] }
}
