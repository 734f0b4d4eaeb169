import { formatRoughDuration } from './text/format.js'

/**
 * What an expected time rests on: the run's own strategies, measured here before; the same with other batches or pictures;
 * or the model's arithmetic and what processors usually do.
 */
export type TimeBasis = 'measured' | 'similar' | 'guess'

/** How long a run takes, as far as that is known before it starts. */
export interface ExpectedTime {
  seconds: number
  /** Blocks that are measured in that time. */
  repeats: number
  /** It may end sooner, once its intervals are narrow. */
  isMost: boolean
  /** Where quick does with one block instead of several: what those would have taken; null otherwise. */
  allBlocksSeconds: number | null
  basis: TimeBasis
  /** Quick has to find out how fast this machine is first, once; that is not in `seconds`. */
  calibratesFirst: boolean
}

const basisTexts: Readonly<Record<TimeBasis, string>> = {
  measured: ' here',
  similar: ' here, by what other settings took',
  guess: ', at a guess',
}

/** `takes about 55 s here`, in the terminal, in the page and in the notes of a quick run. */
export function describeExpectedTime(expected: ExpectedTime): string {
  const { seconds, repeats, isMost, allBlocksSeconds, basis, calibratesFirst } = expected
  const time = `takes ${isMost ? 'up to' : 'about'} ${formatRoughDuration(seconds)}${basisTexts[basis]}`
  const more = allBlocksSeconds === null ? '' : ` (more would take ${formatRoughDuration(allBlocksSeconds)})`
  return [
    time,
    ...(repeats === 1 ? [`one repeat: no interval${more}`] : []),
    ...(calibratesFirst ? ['first it finds out, once, how fast this machine is'] : []),
  ].join('; ')
}
