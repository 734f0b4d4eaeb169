import type { MachinePassport } from '../../shared/results/results.js'
import { escapedForPattern } from '../../shared/text/escape-pattern.js'
import type { RunSource } from '../history/report-source.js'

/** Where words of people and programs are; all else is numbers, and words of Tandem's that mean something. */
const wordy = new Set([
  'hostName',
  'notes',
  'text',
  'note',
  'message',
  'hint',
  'details',
  'problem',
  'reason',
  'skipReason',
])

/** The run as others may see it: its machines are `node 0`, `node 1`, wherever their names stood. Its own files stay as they are. */
export function withoutNames(source: RunSource): RunSource {
  const { results } = source
  const hide = hiding([results.machine, ...(results.otherMachines ?? [])])
  const hidden = async function* <Entry>(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
    for await (const entry of entries) yield inWordyFields(entry, hide)
  }
  return {
    ...source,
    results: inWordyFields(results, hide),
    events: () => hidden(source.events()),
    sampledEvents: (signal) => hidden(source.sampledEvents(signal)),
  }
}

/** Puts a number for each name in a text, where it stands as a word, with a domain or without. */
function hiding(machines: readonly MachinePassport[]): (text: string) => string {
  const numbers = new Map(machines.map(({ hostName }, node) => [hostName.split('.')[0] ?? '', node]))
  numbers.delete('')
  if (numbers.size === 0) return (text) => text
  // The longer ones first, where one name begins as another.
  const names = [...numbers.keys()].sort((a, b) => b.length - a.length).map(escapedForPattern)
  const pattern = new RegExp(`(?<![\\w.-])(${names.join('|')})(?:\\.[a-z][\\w-]*)*(?![\\w-])`, 'gi')
  const known = new Map([...numbers].map(([name, node]) => [name.toLowerCase(), node]))
  // `node 1 (atlas)` says its number already.
  return (text) =>
    text
      .replace(pattern, (_, name: string) => `node ${known.get(name.toLowerCase())}`)
      .replace(/\b(node \d+) \(\1\)/g, '$1')
}

function inWordyFields<Value>(value: Value, change: (text: string) => string): Value {
  const walk = (one: unknown, isWordy: boolean): unknown => {
    if (typeof one === 'string') return isWordy ? change(one) : one
    if (Array.isArray(one)) return one.map((entry) => walk(entry, isWordy))
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([key, entry]) => [key, walk(entry, wordy.has(key))]))
  }
  return walk(value, false) as Value
}
