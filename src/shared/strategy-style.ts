import { lookOf } from './domain/measurement-ids.js'

/** How a measurement looks in every chart: always the same colour, dash and mark. */
export interface StrategyStyle {
  colour: string
  /** Canvas line dash, in pixels: lines stay apart without colour. */
  dash: number[]
}

export type ColourScheme = 'light' | 'dark'

/** @param id a measurement's id */
export function strategyStyle(id: string, scheme: ColourScheme): StrategyStyle {
  const { dash, ...colours } = lookOf(id)
  return { colour: colours[scheme], dash: [...dash] }
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
