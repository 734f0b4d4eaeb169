/** The colours of a report's paper; the strategies' own are in `src/shared/strategy-style.ts`. */
export const ink = {
  text: '#1b222b',
  faint: '#5c6672',
  axis: '#9aa5b1',
  grid: '#e6e9ed',
  paper: '#ffffff',
} as const

/** What happens in a step, as the dashboard's time per step has it. */
export const phaseColours = {
  dataWaitMs: '#b87100',
  computeMs: '#5b7493',
  communicationMs: '#a8558a',
  updateMs: '#007a5a',
  other: '#c4cbd3',
} as const

export const waterfallColours = { total: '#5b7493', more: '#b87100', less: '#007a5a' } as const

/** Sizes in the charts' own unit, which is a CSS pixel where they are shown as wide as they were drawn. */
export const fontSize = 10.5
export const smallFontSize = 9.5
