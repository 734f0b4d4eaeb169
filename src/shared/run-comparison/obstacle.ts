import { deviceKindTitle } from '../domain/device-kinds.js'
import { settingNames, settingOf } from '../domain/settings/settings.js'
import type { MeasurementSummary } from '../results/results.js'
import { trainedUnitOf, trainedUnits } from '../run/trained-unit.js'
import { formatQuantity } from '../text/format.js'
import type { ComparedRun } from './compared-run.js'

/** One strategy's measurement, with the run that it is from. */
export interface ComparedMeasurement {
  run: ComparedRun
  /** Any of its completed repeats: they do not differ in what matters here. */
  measurement: MeasurementSummary
}

/**
 * Why one strategy in two runs must not be compared, to follow a colon; null where it may. These are other work, or
 * other means; whatever else differs is a difference to be told, and may be what the comparison is for.
 */
export function comparisonObstacle(base: ComparedMeasurement, other: ComparedMeasurement): string | null {
  const differing = traits.find(({ of }) => of(base) !== of(other))
  return differing === undefined ? null : differing.say(differing.of(base), differing.of(other))
}

interface Trait {
  of(compared: ComparedMeasurement): string
  say(base: string, other: string): string
}

const traits: readonly Trait[] = [
  ...settingNames.flatMap((name): Trait[] => {
    const { otherWork } = settingOf(name)
    if (otherWork === undefined) return []
    return [
      {
        of: ({ run: { configuration } }) => otherWork(configuration[name]),
        say: (base, other) => `one trained ${base}, the other ${other}`,
      },
    ]
  }),
  {
    of: ({ run: { configuration } }) => trainedUnits[trainedUnitOf(configuration)].many,
    say: (base, other) => `one counts ${base}, the other ${other}`,
  },
  {
    of: ({ measurement }) => devicesOf(measurement),
    say: (base, other) => `one ran on ${base}, the other on ${other}`,
  },
]

/** Cores are not devices: Single on all of them is compared as that, however many there are. */
function devicesOf({ devices }: MeasurementSummary): string {
  return formatQuantity(devices.length, deviceKindTitle(devices))
}
