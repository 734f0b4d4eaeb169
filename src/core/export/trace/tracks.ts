import { deviceName } from '../../../shared/machine/device.js'
import {
  type Measurement,
  measurementKey,
  type Results,
  statusWord,
} from '../../../shared/results/results.js'
import { hasRepeats, inOrderOfTraining } from '../measurements.js'
import type { TraceEvent, Track } from './trace-event.js'

/** What the machine did, and what was said of the run as a whole. */
export const machineTrack: Track = { pid: 1, tid: 1 }

const firstMeasurementPid = machineTrack.pid + 1

/** Where the events of one measurement are shown: a process of the trace, a thread a rank. */
export interface MeasurementTracks {
  measurement: Measurement
  /** Its start, its warm-up, its epochs. */
  course: Track
  ofRank(rank: number): Track
}

/** By `measurementKey`, in the order of training. */
export function measurementTracks(results: Results): Map<string, MeasurementTracks> {
  const begun = inOrderOfTraining(results).filter(({ status }) => status !== 'skipped')
  return new Map(
    begun.map((measurement, index) => {
      const pid = firstMeasurementPid + index
      const tracks = {
        measurement,
        course: { pid, tid: 1 },
        ofRank: (rank: number) => ({ pid, tid: rank + 2 }),
      }
      return [measurementKey(measurement), tracks]
    }),
  )
}

/** What viewers write beside the tracks. */
export function trackNames(results: Results, tracks: Iterable<MeasurementTracks>): TraceEvent[] {
  const repeated = hasRepeats(results)
  return [
    ...processNames(machineTrack.pid, `Machine ${results.machine.hostName}`, results.machine.cpuModel),
    ...threadNames(machineTrack, 'Run'),
    ...[...tracks].flatMap(({ measurement, course, ofRank }) => {
      const { title, block, status, error, devices, worldSize, ranks, globalBatchSize } = measurement
      const ended =
        status === 'completed' ? [] : [error === null ? statusWord(status) : `${status}: ${error.message}`]
      const labels = [...devices.map(deviceName), `global batch ${globalBatchSize}`, ...ended]
      return [
        ...processNames(course.pid, repeated ? `${title}, repeat ${block + 1}` : title, labels.join(', ')),
        ...threadNames(course, 'Epochs'),
        ...ranks.flatMap(({ rank }) => {
          const own = worldSize === 1 ? devices : devices.slice(rank, rank + 1)
          return threadNames(ofRank(rank), `Rank ${rank} on ${own.map(deviceName).join(', ')}`)
        }),
      ]
    }),
  ]
}

function processNames(pid: number, name: string, labels: string): TraceEvent[] {
  const event = { ph: 'M', pid, tid: 0 } as const
  return [
    { ...event, name: 'process_name', args: { name } },
    { ...event, name: 'process_labels', args: { labels } },
    { ...event, name: 'process_sort_index', args: { sort_index: pid } },
  ]
}

function threadNames(track: Track, name: string): TraceEvent[] {
  return [
    { ph: 'M', ...track, name: 'thread_name', args: { name } },
    { ph: 'M', ...track, name: 'thread_sort_index', args: { sort_index: track.tid } },
  ]
}
