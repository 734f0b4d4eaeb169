import type { StepRecord } from '../child/trainer-protocol.js'
import type { Device } from '../machine/device.js'
import { type Measurement, measurementKey } from '../results/results.js'

/** One optimiser step of a measurement, as all of its ranks recorded it. */
export interface RecordedStep {
  /** Counted from 0 over the whole measurement, among the steps that every rank recorded. */
  index: number
  epoch: number
  /** Counted from 0 within the epoch. */
  step: number
  /** By rank. */
  ranks: StepRecord[]
}

/** What is on the stage beside the step's times. */
export interface StepContext {
  /** Names the measurement within its run. */
  key: string
  id: string
  title: string
  /** Counted from 1. */
  repeat: number
  devices: Device[]
  /** Devices of the run that this measurement leaves idle. */
  idleDevices: Device[]
  /** How gradients were exchanged, in words; null where nothing is. */
  collective: string | null
}

/** The steps that every rank of the measurement recorded, in order. */
export function recordedSteps({ ranks }: Pick<Measurement, 'ranks'>): RecordedStep[] {
  const [first, ...others] = ranks
  if (first === undefined) return []
  const byPlace = others.map(({ steps }) => new Map(steps.map((step) => [placeOf(step), step])))
  return first.steps
    .flatMap((record) => {
      const found = byPlace.flatMap((steps) => steps.get(placeOf(record)) ?? [])
      const { epoch, step } = record
      return found.length === others.length ? [{ epoch, step, ranks: [record, ...found] }] : []
    })
    .map((step, index) => ({ index, ...step }))
}

/** @param devicesOfRun all that any measurement of the run computed on */
export function stepContext(
  measurement: Pick<Measurement, 'id' | 'block' | 'title' | 'devices' | 'collective'>,
  devicesOfRun: readonly Device[],
): StepContext {
  const { id, block, title, devices, collective } = measurement
  return {
    key: measurementKey(measurement),
    id,
    title,
    repeat: block + 1,
    devices,
    idleDevices: devicesOfRun.filter((device) => !devices.some((used) => overlap(used, device))),
    collective,
  }
}

function placeOf({ epoch, step }: StepRecord): string {
  return `${epoch}/${step}`
}

/** CPU devices are shares of cores, so a device of all cores is every one of them. */
function overlap(one: Device, other: Device): boolean {
  if (one.kind !== other.kind) return false
  if (one.kind === 'gpu') return one.index === other.index
  return one.cores.some((core) => other.cores.includes(core))
}
