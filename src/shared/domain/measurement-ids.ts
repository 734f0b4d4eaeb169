import { baseStrategy, type Look, type Strategy, strategies, strategyNames } from './strategies.js'

/*
 * What a measurement is called in results: the name of its strategy; `ddp@2` for a part of the devices in a sweep; and
 * one more for the base, which on CPU devices is measured with all cores too.
 */

/** The base on all cores: of the base's strategy, but not what others are held against. */
export const allCores = {
  id: `${baseStrategy}-all-cores`,
  title: `${strategies[baseStrategy].title} (all cores)`,
  look: { light: '#a8558a', dark: '#cc79a7', dash: [2, 3] } satisfies Look,
}

const inSweeps = strategyNames.filter((name) => name !== baseStrategy)

export const measurementIdPattern = new RegExp(
  `^(${baseStrategy}|${allCores.id}|(${inSweeps.join('|')})(@\\d+)?)$`,
)

/** @param devices of how many it is in a sweep; null for all that the run has */
export function measurementId(strategy: Strategy, devices: number | null = null): string {
  return devices === null ? strategy : `${strategy}@${devices}`
}

interface Identified {
  id: string
}

/** Whether it is what the others are held against. */
export function isBase({ id }: Identified): boolean {
  return id === baseStrategy
}

export function isOnAllCores({ id }: Identified): boolean {
  return id === allCores.id
}

/** What the others are held against; undefined where it is not among them. */
export function findBase<Entry extends Identified>(entries: readonly Entry[]): Entry | undefined {
  return entries.find(isBase)
}

export function belongsTo({ id }: Identified, strategy: Strategy): boolean {
  return id.split(/[-@]/)[0] === strategy
}

/** Where it stands in tables and charts: by strategy, then the fewest devices first, whatever order it was measured in. */
export function planPosition({
  id,
  strategy,
  devices,
}: Identified & { strategy: Strategy; devices: readonly unknown[] }): number {
  return strategyNames.indexOf(strategy) * 10_000 + (isOnAllCores({ id }) ? 1 : 0) + devices.length
}

const unknown: Look = { light: '#5f6b7a', dark: '#a3adba', dash: [] }

/** @param id what follows an `@` in it does not change how it looks */
export function lookOf(id: string): Look {
  if (isOnAllCores({ id })) return allCores.look
  const strategy = strategyNames.find((name) => name === id.split('@')[0])
  return strategy === undefined ? unknown : strategies[strategy].look
}
