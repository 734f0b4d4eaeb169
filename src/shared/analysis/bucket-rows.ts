import { engines } from '../domain/engines.js'
import { strategies } from '../domain/strategies.js'
import type { FigureTable } from '../figures/figure-table.js'
import { machineCount } from '../machine/device.js'
import { onOneMachine } from '../results/one-machine.js'
import type { Measurement } from '../results/results.js'
import { median } from '../statistics/quantiles.js'
import { formatBytes, formatStepTime } from '../text/format.js'
import { ringShare } from './within-machine.js'

type Bucket = NonNullable<Measurement['buckets']>[number]

/**
 * For each group over several machines, how long each gradient bucket keeps a step waiting, and how much of that is the
 * border between machines: what it takes beyond the same bucket on one machine, scaled by the ring's share 2 (n - 1) / n.
 * With one device a machine, all of it.
 */
export function bucketTables(measurements: readonly Measurement[]): FigureTable[] {
  return acrossMachines(measurements).flatMap(({ title, repeats }) => {
    const buckets = medianBuckets(repeats)
    const [measurement] = repeats
    if (buckets.length === 0 || measurement === undefined) return []
    const within = withinMachine(measurements, measurement)
    const rows = buckets.map(({ bytes, exposedMs }, index) => {
      const withinMs = within(index, bytes)
      const betweenMs = withinMs === null ? null : Math.max(0, exposedMs - withinMs)
      return {
        key: `${measurement.id} ${index}`,
        cells: [
          `Bucket ${index + 1} of ${buckets.length}`,
          formatBytes(bytes),
          formatStepTime(exposedMs),
          timeText(withinMs),
          timeText(betweenMs),
        ],
      }
    })
    return {
      caption: `${title}: what computing does not hide of each gradient bucket's exchange`,
      columns: ['Gradient bucket', 'Size', 'Exposed', 'Within a machine', 'Between machines'],
      rows,
    }
  })
}

/** A sentence for each group over several machines whose buckets are not known, with the reason. */
export function bucketsUnknown(measurements: readonly Measurement[], isScript: boolean): string[] {
  return acrossMachines(measurements).flatMap(({ title, repeats }) => {
    const [{ backend } = { backend: null }] = repeats
    if (medianBuckets(repeats).length > 0 || !repeats.some(({ epochs }) => epochs.length > 0)) return []
    const why = isScript
      ? "a script's buckets are not timed"
      : ((backend === null ? null : engines[backend].whyNoBuckets) ?? 'they were not timed one by one')
    return [`What each gradient bucket of ${title} adds to a step is not known: ${why}.`]
  })
}

interface Group {
  title: string
  repeats: Measurement[]
}

function acrossMachines(measurements: readonly Measurement[]): Group[] {
  const groups = new Map<string, Group>()
  for (const measurement of measurements) {
    const { id, title, devices, strategy } = measurement
    if (machineCount(devices) < 2 || !strategies[strategy].exchangesGradients) continue
    const known = groups.get(id)
    if (known === undefined) groups.set(id, { title, repeats: [measurement] })
    else known.repeats.push(measurement)
  }
  return [...groups.values()]
}

/** By place: the median over repeats; those of the first repeat that has any say how many and how large. */
function medianBuckets(repeats: readonly Measurement[]): Bucket[] {
  const known = repeats.flatMap(({ buckets }) => (buckets === undefined ? [] : [buckets]))
  const [first = []] = known
  return first.map(({ bytes }, index) => ({
    bytes,
    exposedMs: median(known.flatMap((buckets) => buckets[index]?.exposedMs ?? [])) as number,
  }))
}

/** What the bucket would keep a step waiting on one machine; null where nothing tells. */
function withinMachine(
  measurements: readonly Measurement[],
  measurement: Measurement,
): (index: number, bytes: number) => number | null {
  const { devices } = measurement
  if (machineCount(devices) === devices.length) return () => 0
  const one = onOneMachine(measurements, measurement)
  if (one === undefined) return () => null
  const buckets = medianBuckets(measurements.filter(({ id }) => id === one.id))
  const scale = ringShare(devices.length) / ringShare(one.devices.length)
  return (index, bytes) => {
    const same = buckets[index]
    return same === undefined || same.bytes !== bytes ? null : same.exposedMs * scale
  }
}

function timeText(ms: number | null): string {
  return ms === null ? 'not known' : formatStepTime(ms)
}
