import type { BarName } from '../waterfall/bar-titles.js'

/** What a lane is doing. `rest` is left over within the step's compiled call, `between` lies outside all phases. */
export const phaseNames = [
  'data-wait',
  'scatter',
  'replicate',
  'forward',
  'gather',
  'backward',
  'reduce',
  'compute',
  'send',
  'straggler-wait',
  'all-reduce',
  'update',
  'rest',
  'between',
] as const

export type PhaseName = (typeof phaseNames)[number]

export interface PhaseFacts {
  title: string
  /** The bar of "Why not N times?" that its time goes into. */
  bar: BarName
  /** Work on a device, data on its way, waiting, or time that no phase accounts for: how it is drawn. */
  kind: 'work' | 'transfer' | 'waiting' | 'rest'
}

export const phases = {
  'data-wait': { title: 'Wait for data', bar: 'data-wait', kind: 'waiting' },
  scatter: { title: 'Scatter', bar: 'scatter', kind: 'transfer' },
  replicate: { title: 'Replicate', bar: 'replicate', kind: 'transfer' },
  forward: { title: 'Forward', bar: 'compute', kind: 'work' },
  gather: { title: 'Gather', bar: 'gather', kind: 'transfer' },
  backward: { title: 'Backward', bar: 'compute', kind: 'work' },
  reduce: { title: 'Reduce', bar: 'reduce', kind: 'transfer' },
  compute: { title: 'Forward and backward', bar: 'compute', kind: 'work' },
  send: { title: 'Hand over gradients', bar: 'all-reduce', kind: 'transfer' },
  'straggler-wait': { title: 'Wait for the slowest rank', bar: 'straggler-wait', kind: 'waiting' },
  'all-reduce': { title: 'All-reduce', bar: 'all-reduce', kind: 'transfer' },
  update: { title: 'Update', bar: 'update', kind: 'work' },
  rest: { title: 'Rest of the call', bar: 'compute', kind: 'rest' },
  between: { title: 'Between the phases', bar: 'unexplained', kind: 'rest' },
} as const satisfies Record<PhaseName, PhaseFacts>
