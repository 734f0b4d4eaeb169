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
  /** Where there is little room. */
  short: string
  /** The bar of "Why not N times?" that its time goes into. */
  bar: BarName
  /** Work on a device, data on its way, waiting, or time that no phase accounts for: how it is drawn. */
  kind: 'work' | 'transfer' | 'waiting' | 'rest'
}

export const phases = {
  'data-wait': { title: 'Wait for data', short: 'Data', bar: 'data-wait', kind: 'waiting' },
  scatter: { title: 'Scatter', short: 'Scatter', bar: 'scatter', kind: 'transfer' },
  replicate: { title: 'Replicate', short: 'Replicate', bar: 'replicate', kind: 'transfer' },
  forward: { title: 'Forward', short: 'Forward', bar: 'compute', kind: 'work' },
  gather: { title: 'Gather', short: 'Gather', bar: 'gather', kind: 'transfer' },
  backward: { title: 'Backward', short: 'Backward', bar: 'compute', kind: 'work' },
  reduce: { title: 'Reduce', short: 'Reduce', bar: 'reduce', kind: 'transfer' },
  compute: { title: 'Forward and backward', short: 'Compute', bar: 'compute', kind: 'work' },
  send: { title: 'Hand over gradients', short: 'Hand over', bar: 'all-reduce', kind: 'transfer' },
  'straggler-wait': {
    title: 'Wait for the slowest rank',
    short: 'Wait',
    bar: 'straggler-wait',
    kind: 'waiting',
  },
  'all-reduce': { title: 'All-reduce', short: 'All-reduce', bar: 'all-reduce', kind: 'transfer' },
  update: { title: 'Update', short: 'Update', bar: 'update', kind: 'work' },
  rest: { title: 'Rest of the call', short: 'Rest', bar: 'compute', kind: 'rest' },
  between: { title: 'Between the phases', short: 'Between', bar: 'unexplained', kind: 'rest' },
} as const satisfies Record<PhaseName, PhaseFacts>

/** What rounds to 0.0 ms: nobody lost anything by it. */
export const leastLossMs = 0.05
