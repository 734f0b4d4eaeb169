import type { StepRecord } from '../child/trainer-protocol.js'
import { meanLoss } from '../results/mean-loss.js'
import type { Measurement } from '../results/results.js'
import type { GroupStep } from './group-step.js'

/** Joins what the ranks of one group report of a step into the group's step. */
export class GroupSteps {
  /** Steps that some ranks have reported and others not yet, by epoch and step. */
  private readonly open = new Map<string, { records: (StepRecord | undefined)[]; count: number }>()

  constructor(private readonly worldSize: number) {}

  /** Takes one rank's steps; returns the group's steps that are complete with them, in order. */
  add(rank: number, steps: readonly StepRecord[]): GroupStep[] {
    return steps.flatMap((record) => {
      if (this.worldSize === 1) return [joinRanks([record])]
      const key = `${record.epoch} ${record.step}`
      const open = this.open.get(key) ?? { records: new Array(this.worldSize).fill(undefined), count: 0 }
      if (open.records[rank] === undefined) open.count++
      open.records[rank] = record
      if (open.count < this.worldSize) {
        this.open.set(key, open)
        return []
      }
      this.open.delete(key)
      return [joinRanks(open.records as StepRecord[])]
    })
  }
}

/** The steps of one measurement as its ranks made them together, in order; one that some rank did not report is left out. */
export function* groupStepsOf({ ranks, worldSize }: Measurement): Generator<GroupStep> {
  const group = new GroupSteps(worldSize)
  const byRank = [...ranks].sort((a, b) => a.rank - b.rank)
  const longest = ranks.reduce((most, { steps }) => Math.max(most, steps.length), 0)
  let index = 0
  // As long as all ranks are at the same step, which is all of them as a rule, nothing has to be looked up.
  for (; byRank.length === worldSize && index < longest; index++) {
    const records = byRank.map(({ steps }) => steps[index])
    if (!areOneStep(records)) break
    yield joinRanks(records)
  }
  // Rank by rank, every step but the last rank's would be held until that one's came.
  for (; index < longest; index++) {
    for (const { rank, steps } of ranks) {
      const step = steps[index]
      if (step !== undefined) yield* group.add(rank, [step])
    }
  }
}

function areOneStep(records: readonly (StepRecord | undefined)[]): records is readonly StepRecord[] {
  const [first] = records
  return (
    first !== undefined &&
    records.every((record) => record?.epoch === first.epoch && record.step === first.step)
  )
}

/** `records` holds one step as every rank saw it, by rank. */
function joinRanks(records: readonly StepRecord[]): GroupStep {
  const [first] = records as [StepRecord]
  const images = records.reduce((sum, record) => sum + record.images, 0)
  const mean = (of: (record: StepRecord) => number): number =>
    records.reduce((sum, record) => sum + of(record), 0) / records.length
  const slowestMs = Math.max(...records.map((record) => record.stepMs))
  return {
    epoch: first.epoch,
    step: first.step,
    endedAtMs: round(Math.max(...records.map((record) => record.startedAtMs + record.stepMs))),
    loss: meanLoss(records),
    images,
    stepMs: round(slowestMs),
    dataWaitMs: round(mean((record) => record.dataWaitMs)),
    computeMs: round(mean((record) => record.computeMs)),
    communicationMs: round(mean((record) => record.communicationMs)),
    updateMs: round(mean((record) => record.updateMs)),
    ranks:
      records.length === 1
        ? null
        : { stepMs: records.map((record) => round(record.stepMs)), lateMs: lateness(records) },
  }
}

/** How much later than the first rank each arrived at the all-reduce; null unless all of them say. */
function lateness(records: readonly StepRecord[]): number[] | null {
  const arrivals = records.flatMap(({ arrivedAtMs }) => (arrivedAtMs === null ? [] : [arrivedAtMs]))
  if (arrivals.length < records.length) return null
  const firstMs = Math.min(...arrivals)
  return arrivals.map((arrivedAtMs) => round(arrivedAtMs - firstMs))
}

/** To the microsecond: finer than what was measured, and much shorter as text. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
