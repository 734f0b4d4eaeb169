import type { MachinePassport } from '../results/results.js'
import { formatCores, formatList } from '../text/format.js'
import { type Fact, machineFacts } from './passport.js'

/** The machines of a run, what differs between them first. */
export interface MachinePassports {
  /** Machines that are alike in everything but their names: `Node 0`, `Nodes 1-15`; one alone where all are. */
  groups: string[]
  /** Of each group, its nodes, and what it has that the largest group does not. */
  kinds: { nodes: number[]; unlike: Fact[] }[]
  /** What the groups differ in, a value a group; empty where there is one. */
  differing: { what: string; values: string[] }[]
  /** What is the same everywhere. */
  common: Fact[]
}

/** More names than these are counted. */
const mostNames = 4

const absent = 'none'

/** @param machines in the order of their numbers; at least one */
export function machinePassports(machines: readonly MachinePassport[]): MachinePassports {
  const groups = new Map<string, { nodes: number[]; names: string[]; facts: Map<string, string> }>()
  machines.forEach((machine, node) => {
    const { hostName } = machine
    const facts = new Map(machineFacts({ ...machine, hostName: '' }).filter(([what]) => what !== 'Host'))
    const key = JSON.stringify([...facts])
    const group = groups.get(key) ?? { nodes: [], names: [], facts }
    group.nodes.push(node)
    group.names.push(hostName)
    groups.set(key, group)
  })
  const all = [...groups.values()]
  const whats = [...new Set(all.flatMap(({ facts }) => [...facts.keys()]))]
  const rows = whats.map((what) => ({ what, values: all.map(({ facts }) => facts.get(what) ?? absent) }))
  const isCommon = ({ values }: { values: string[] }) => values.every((value) => value === values[0])
  const names = all.map((group) => namesText(group.names))
  const largest = all.reduce((most, { nodes }, group) => {
    return nodes.length > (all[most]?.nodes.length ?? 0) ? group : most
  }, 0)
  return {
    kinds: all.map(({ nodes }, group) => {
      const unlike = rows.filter(({ values }) => values[group] !== values[largest])
      return { nodes, unlike: unlike.map(({ what, values }): Fact => [what, values[group] as string]) }
    }),
    groups: all.map(({ nodes }) => `${nodes.length === 1 ? 'Node' : 'Nodes'} ${formatCores(nodes)}`),
    differing:
      all.length === 1 ? [] : [{ what: 'Host', values: names }, ...rows.filter((row) => !isCommon(row))],
    common: [
      ...(all.length === 1 ? [['Host', names[0] as string] as const] : []),
      ...rows.filter(isCommon).map(({ what, values }): Fact => [what, values[0] as string]),
    ],
  }
}

/** `All alike`, or `Node 3 differs in GPU driver and Memory`: how those that are not as most are. */
export function differencesText({ groups, kinds }: Pick<MachinePassports, 'groups' | 'kinds'>): string {
  const odd = kinds.flatMap(({ nodes, unlike }, group) => {
    if (unlike.length === 0) return []
    return `${groups[group]} ${nodes.length === 1 ? 'differs' : 'differ'} in ${formatList(unlike.map(([what]) => what))}`
  })
  return odd.length === 0 ? 'All alike' : odd.join('. ')
}

function namesText(names: readonly string[]): string {
  if (names.length <= mostNames) return formatList(names)
  return `${names.slice(0, mostNames - 1).join(', ')} and ${names.length - mostNames + 1} more`
}
