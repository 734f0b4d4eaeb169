import { type EngineName, engineNames } from './engines.js'
import { baseStrategy, type Look, type Strategy, strategies, strategyNames } from './strategies.js'

/*
 * What a measurement is called in results: the name of its strategy; `ddp@2` for a part of the devices in a sweep; and
 * one more for the base, which on CPU devices is measured with all cores too. Where a run measures several engines, those
 * after the first add theirs: `ddp@2+pytorch`.
 */

/** The base on all cores: of the base's strategy, but not what others are held against. */
export const allCores = {
  id: `${baseStrategy}-all-cores`,
  title: `${strategies[baseStrategy].title} (all cores)`,
  look: { light: '#a8558a', dark: '#cc79a7', dash: [2, 3] } satisfies Look,
}

const inSweeps = strategyNames.filter((name) => name !== baseStrategy)

export const measurementIdPattern = new RegExp(
  `^(${baseStrategy}|${allCores.id}|(${inSweeps.join('|')})(@\\d+)?)(\\+(${engineNames.join('|')}))?$`,
)

/** @param devices of how many it is in a sweep; null for all that the run has */
export function measurementId(strategy: Strategy, devices: number | null = null): string {
  return devices === null ? strategy : `${strategy}@${devices}`
}

interface Identified {
  id: string
}

/** What a measurement is called on an engine that is not the run's first. */
export function idOnEngine(id: string, engine: EngineName): string {
  return `${id}+${engine}`
}

/** The id without its engine, and what follows it: `+pytorch`, or nothing for the run's first engine. */
function partsOf(id: string): { plain: string; suffix: string } {
  const at = id.indexOf('+')
  return at === -1 ? { plain: id, suffix: '' } : { plain: id.slice(0, at), suffix: id.slice(at) }
}

/** Without its engine. */
export function idOfStrategy({ id }: Identified): string {
  return partsOf(id).plain
}

/** Whether it is what the others of its engine are held against. */
export function isBase({ id }: Identified): boolean {
  return partsOf(id).plain === baseStrategy
}

export function isOnAllCores({ id }: Identified): boolean {
  return partsOf(id).plain === allCores.id
}

/** What a measurement is held against: the base on the same engine. */
export function baseIdOf({ id }: Identified): string {
  return `${baseStrategy}${partsOf(id).suffix}`
}

/** What this one is held against; undefined where that is not among them. */
export function findBaseOf<Entry extends Identified>(
  entries: readonly Entry[],
  measurement: Identified,
): Entry | undefined {
  return entries.find(({ id }) => id === baseIdOf(measurement))
}

export function belongsTo({ id }: Identified, strategy: Strategy): boolean {
  return id.split(/[-@+]/)[0] === strategy
}

/** Where it stands in tables and charts: by strategy, then the fewest devices first, then by engine, whatever order it was measured in. */
export function planPosition({
  id,
  strategy,
  devices,
}: Identified & { strategy: Strategy; devices: readonly unknown[] }): number {
  const place = strategyNames.indexOf(strategy) * 10_000 + (isOnAllCores({ id }) ? 1 : 0) + devices.length
  return place + (engineNames.findIndex((name) => partsOf(id).suffix === `+${name}`) + 1) / 10
}

const unknown: Look = { light: '#5f6b7a', dark: '#a3adba', dash: [] }

/**
 * @param id what follows an `@` in it does not change how it looks; a second engine has the same colours, dotted, so that
 *   what belongs together is seen together
 */
export function lookOf(id: string): Look {
  const { plain, suffix } = partsOf(id)
  const look = lookOfPlain(plain)
  return suffix === '' ? look : { ...look, dash: [2, 4] }
}

function lookOfPlain(id: string): Look {
  if (id === allCores.id) return allCores.look
  const strategy = strategyNames.find((name) => name === id.split('@')[0])
  return strategy === undefined ? unknown : strategies[strategy].look
}
