import type { PhaseName } from '../../../shared/explain/phases.js'
import type { ColourScheme } from '../../../shared/strategy-style.js'

/** Colours of phases: a family of their own, apart from those of strategies and devices. */
const colours: Record<PhaseName, { light: string; dark: string }> = {
  'data-wait': { light: '#b8560f', dark: '#ff9d5c' },
  scatter: { light: '#0b7a75', dark: '#4fd1c5' },
  replicate: { light: '#0b7a75', dark: '#4fd1c5' },
  forward: { light: '#6b7fd7', dark: '#a3b1ff' },
  gather: { light: '#0b7a75', dark: '#4fd1c5' },
  backward: { light: '#4453a6', dark: '#7c8cf0' },
  reduce: { light: '#0b7a75', dark: '#4fd1c5' },
  compute: { light: '#5566bf', dark: '#8f9dfa' },
  send: { light: '#0b7a75', dark: '#4fd1c5' },
  'straggler-wait': { light: '#b8560f', dark: '#ff9d5c' },
  'all-reduce': { light: '#0b7a75', dark: '#4fd1c5' },
  update: { light: '#7d3fa0', dark: '#cf9bf0' },
  rest: { light: '#8b95a1', dark: '#75808c' },
  between: { light: '#8b95a1', dark: '#75808c' },
}

export function phaseColour(phase: PhaseName, scheme: ColourScheme): string {
  return colours[phase][scheme]
}
