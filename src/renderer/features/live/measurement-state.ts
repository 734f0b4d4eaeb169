import type { RunHead } from '../../../shared/live/live-run.js'
import { type MeasurementSummary, measurementKey } from '../../../shared/results/results.js'

/** What one measurement is at, for a badge. */
export interface MeasurementState {
  kind: 'waiting' | 'running' | 'completed' | 'skipped' | 'failed' | 'cancelled' | 'interrupted'
  text: string
  color: string
}

/** From the measurement and the run that it belongs to: a planned one is called running until it has its turn. */
export function measurementState(
  { id, block, status, epochs }: MeasurementSummary,
  { current, finishedAtMs, configuration }: Pick<RunHead, 'current' | 'finishedAtMs' | 'configuration'>,
): MeasurementState {
  switch (status) {
    case 'completed':
      return { kind: 'completed', text: 'Done', color: 'teal' }
    case 'skipped':
      return { kind: 'skipped', text: 'Skipped', color: 'gray' }
    case 'failed':
      return { kind: 'failed', text: 'Failed', color: 'red' }
    case 'cancelled':
      return { kind: 'cancelled', text: 'Stopped', color: 'gray' }
    case 'running': {
      if (current?.id !== measurementKey({ id, block })) {
        return finishedAtMs === null
          ? { kind: 'waiting', text: 'Waiting', color: 'gray' }
          : { kind: 'interrupted', text: 'Not reached', color: 'gray' }
      }
      if (current.phase === 'starting') return { kind: 'running', text: 'Loading', color: 'blue' }
      if (current.phase === 'warming-up') return { kind: 'running', text: 'Warming up', color: 'blue' }
      const epoch = Math.min(epochs.length + 1, configuration.epochs)
      const which = configuration.repeats === 1 ? '' : `Block ${block + 1}, `
      const text = `${which}${which === '' ? 'Epoch' : 'epoch'} ${epoch} of ${configuration.epochs}`
      return { kind: 'running', text, color: 'blue' }
    }
  }
}
