/** How a measurement looks in every chart: always the same colour, dash and mark. */
export interface StrategyStyle {
  colour: string
  /** Canvas line dash, in pixels: lines stay apart without colour. */
  dash: number[]
}

export type ColourScheme = 'light' | 'dark'

/**
 * Okabe and Ito's palette, which stays apart for colour-blind readers ("Color Universal Design", 2008); the blue and
 * the green have a lighter twin for dark ground.
 */
const styles: Record<string, { light: string; dark: string; dash: number[] }> = {
  single: { light: '#0072b2', dark: '#56b4e9', dash: [] },
  'single-all-cores': { light: '#a8558a', dark: '#cc79a7', dash: [2, 3] },
  dp: { light: '#b87100', dark: '#e69f00', dash: [8, 4] },
  ddp: { light: '#007a5a', dark: '#2fbf9a', dash: [8, 3, 2, 3] },
}

const unknown = { light: '#5f6b7a', dark: '#a3adba', dash: [] }

/** @param id a measurement's id; what follows an `@` in it does not change how it looks */
export function strategyStyle(id: string, scheme: ColourScheme): StrategyStyle {
  const [strategy = id] = id.split('@')
  const style = styles[strategy] ?? unknown
  return { colour: style[scheme], dash: style.dash }
}

/** Lines that stand for no strategy: devices, ranks. Neighbours stay apart for colour-blind readers, too. */
const seriesColours = {
  light: ['#0072b2', '#b87100', '#007a5a', '#a8558a', '#5f6b7a', '#d55e00', '#3a86c8', '#7a6a00'],
  dark: ['#56b4e9', '#e69f00', '#2fbf9a', '#cc79a7', '#a3adba', '#f0835a', '#8fc7f0', '#f0e442'],
} as const

export function seriesStyle(index: number, scheme: ColourScheme): StrategyStyle {
  const colours = seriesColours[scheme]
  const dashes = [[], [8, 4], [2, 3], [8, 3, 2, 3]]
  return {
    colour: colours[index % colours.length] as string,
    dash: dashes[Math.floor(index / colours.length) % dashes.length] as number[],
  }
}
