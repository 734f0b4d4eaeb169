import type { RunLabel } from '../../shared/results/history-entry.js'
import type { MachinePassport, Results } from '../../shared/results/results.js'
import { escapedForPattern } from '../../shared/text/escape-pattern.js'
import { isOrdinaryName, withoutAddresses } from '../doctor/without-names.js'
import type { RunFiles } from '../history/bundle/write-bundle.js'
import type { RunSource } from '../history/report-source.js'
import { formatResults } from '../results/results-file.js'

/** Fields whose words are Tandem's and mean something. Whatever else is a text may hold what people or programs wrote. */
const tandemsOwn = new Set(
  'format type id runId title strategy status code source kind phase state backend'.split(' '),
)

/** The settings that people write; all others are choices. */
const writtenSettings = new Set(['dataDir', 'script'])

/** The run as others may see it: its machines are `node 0`, `node 1`, wherever their names stood. Its own files stay as they are. */
export function withoutNames(source: RunSource): RunSource {
  const { results } = source
  const hide = hiding([results.machine, ...(results.otherMachines ?? [])])
  const hidden = async function* <Entry>(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
    for await (const entry of entries) yield inTexts(numbered(entry), hide)
  }
  const nameless: RunSource = {
    ...source,
    results: inTexts(numbered(results), hide),
    events: () => hidden(source.events()),
    sampledEvents: (signal) => hidden(source.sampledEvents(signal)),
    files: async () => filesOf(nameless, await source.files(), hide),
  }
  return nameless
}

/** Of a bundle: what it would hold, written anew. */
function filesOf(
  { results, events }: Pick<RunSource, 'results' | 'events'>,
  files: RunFiles,
  hide: (text: string) => string,
): RunFiles {
  const { name, notes } = files.label
  const label: RunLabel = { name: name === null ? null : hide(name), notes: hide(notes) }
  return {
    async *results() {
      yield formatResults(results)
    },
    recording:
      files.recording === null
        ? null
        : async function* () {
            for await (const recorded of events()) yield `${JSON.stringify(recorded)}\n`
          },
    label,
  }
}

/** Passports by their place, also of machines whose names say nothing. */
function numbered<Value>(value: Value): Value {
  const named = value as { event?: unknown; machine?: unknown; otherMachines?: unknown }
  if (typeof named !== 'object' || named === null) return value
  if (named.event !== undefined) return { ...value, event: numbered(named.event) }
  if (!isPassport(named.machine)) return value
  const { machine, otherMachines } = named as Pick<Results, 'machine' | 'otherMachines'>
  return {
    ...value,
    machine: { ...machine, hostName: nodeName(0) },
    ...(otherMachines !== undefined && {
      otherMachines: otherMachines.map((one, index) => ({ ...one, hostName: nodeName(index + 1) })),
    }),
  }
}

function isPassport(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'hostName' in value
}

function nodeName(node: number): string {
  return `node ${node}`
}

/**
 * Puts a number for each name in a text, alone or in a name that is put together (`atlas-run_3`), with a domain or without,
 * and hides addresses. Names that every machine may have, or that are words of Tandem's, tell nobody, and stay.
 */
function hiding(machines: readonly MachinePassport[]): (text: string) => string {
  const nodes = new Map<string, number>()
  machines.forEach(({ hostName }, node) => {
    for (const name of [hostName, shortName(hostName)]) {
      if (name.length > 1 && !isOrdinaryName(name)) nodes.set(name.toLowerCase(), node)
    }
  })
  // The longer ones first, where one name begins as another.
  const names = [...nodes.keys()].sort((a, b) => b.length - a.length).map(escapedForPattern)
  const pattern =
    names.length === 0
      ? null
      : new RegExp(`(?<![\\p{L}\\p{N}])(${names.join('|')})(?:\\.[a-z][\\w-]*)*(?![\\p{L}\\p{N}])`, 'giu')
  return (text) => {
    const hidden =
      pattern === null
        ? text
        : text.replace(pattern, (_, name: string) => nodeName(nodes.get(name.toLowerCase()) ?? 0))
    // `node 1 (atlas)` says its number already.
    return withoutAddresses(hidden.replace(/\b(node \d+) \(\1\)/g, '$1'))
  }
}

/** Without its domain; an address has none. */
function shortName(hostName: string): string {
  return /^[\d.]+$|:/.test(hostName) ? hostName : (hostName.split('.')[0] ?? '')
}

function inTexts<Value>(value: Value, change: (text: string) => string): Value {
  const walk = (one: unknown, isOwn: boolean): unknown => {
    if (typeof one === 'string') return isOwn ? one : change(one)
    if (Array.isArray(one)) return one.map((entry) => walk(entry, isOwn))
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(
      Object.entries(one).map(([key, entry]) => [
        key,
        key === 'configuration' ? inWrittenSettings(entry) : walk(entry, tandemsOwn.has(key)),
      ]),
    )
  }
  const inWrittenSettings = (configuration: object): object =>
    Object.fromEntries(
      Object.entries(configuration).map(([name, setting]) => [
        name,
        writtenSettings.has(name) ? walk(setting, false) : setting,
      ]),
    )
  return walk(value, false) as Value
}
