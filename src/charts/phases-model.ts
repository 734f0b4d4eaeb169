import { largest } from '../shared/extremes.js'
import type { StepTimes } from '../shared/report/step-times.js'
import { formatStepTime } from '../shared/text/format.js'
import type { Axis } from './axis.js'

/** A strategy's mean step and its parts, which add up to it. */
export type StepParts = Pick<StepTimes, 'id' | 'title' | 'meanMs' | 'parts'>

/** What a chart of mean steps shows, in milliseconds. */
export interface PhasesModel {
  rows: PhasesRow[]
  axis: Axis
}

export interface PhasesRow {
  id: string
  title: string
  meanMs: number
  /** `145.1 ms` */
  label: string
  /** End to end. */
  parts: { name: StepParts['parts'][number]['name']; fromMs: number; toMs: number }[]
  description: string
}

export function phasesModel(strategies: readonly StepParts[]): PhasesModel {
  return {
    axis: {
      from: 0,
      to: Math.max(
        1,
        largest(strategies, ({ meanMs }) => meanMs),
      ),
    },
    rows: strategies.map(({ id, title, meanMs, parts }) => {
      const label = formatStepTime(meanMs)
      const each = parts.map((part) => `${part.title.toLowerCase()} ${formatStepTime(part.ms)}`).join(', ')
      return {
        id,
        title,
        meanMs,
        label,
        parts: stacked(parts),
        description: `${title}: ${label}, of which ${each}`,
      }
    }),
  }
}

function stacked(parts: StepParts['parts']): PhasesRow['parts'] {
  let atMs = 0
  return parts.map(({ name, ms }) => {
    const fromMs = atMs
    atMs += ms
    return { name, fromMs, toMs: atMs }
  })
}
