import { type ComponentType, createElement, type ReactNode } from 'react'
import type { ColourScheme } from '../shared/strategy-style.js'

/** How a chart is drawn, whatever it shows. */
export interface ChartLook {
  scheme: ColourScheme
  /** In the chart's own units, in which text is `fontSize` high. */
  width: number
  /** CSS pixels a unit: 1 on paper. */
  scale: number
  /** Stands around each thing that has a figure of its own. On paper it adds nothing. */
  Mark: ComponentType<MarkProps>
}

export interface MarkProps {
  /** What it is and its figure, as people read it: `DDP: 1.42x (1.39 to 1.45), 3 runs`. */
  label: string
  /** Where it answers to a pointer. */
  area: { x: number; y: number; width: number; height: number }
  children: ReactNode
}

/** On a report's paper: nothing answers. */
export function paperLook(width: number): ChartLook {
  return { scheme: 'light', width, scale: 1, Mark: PlainMark }
}

export function PlainMark({ children }: MarkProps) {
  return createElement('g', null, children)
}

export interface Ink {
  text: string
  faint: string
  axis: string
  grid: string
  paper: string
}

/** The colours of paper and of what is neither strategy, phase nor device. */
const inks: Readonly<Record<ColourScheme, Ink>> = {
  light: { text: '#1b222b', faint: '#5c6672', axis: '#9aa5b1', grid: '#e6e9ed', paper: '#ffffff' },
  dark: { text: '#dfe4ea', faint: '#9aa5b1', axis: '#66717d', grid: '#2f363e', paper: '#1c2025' },
}

export function inkOf(scheme: ColourScheme): Ink {
  return inks[scheme]
}

/** Sizes in the charts' own units. */
export const fontSize = 10.5
export const smallFontSize = 9.5
