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
