import { execFileSync } from 'node:child_process'

/** One end of the pair of interfaces that joins two network namespaces. */
export interface NamespaceEnd {
  name: string
  /** Its interface: at most 15 characters. */
  link: string
  address: string
}

/** A command line that becomes the one after it, in this namespace. */
export function enter({ name }: NamespaceEnd): string[] {
  return ['ip', 'netns', 'exec', name]
}

/** Throws what the program printed where it failed. */
export function mustRun(program: string, ...words: string[]): void {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Makes both namespaces and joins them. Throws where they cannot be made; nothing is left of them then. */
export function joinNamespaces(ends: readonly [NamespaceEnd, NamespaceEnd]): void {
  try {
    for (const { name } of ends) mustRun('ip', 'netns', 'add', name)
    layCable(ends)
  } catch (thrown) {
    removeNamespaces(ends)
    throw thrown
  }
}

function layCable(ends: readonly [NamespaceEnd, NamespaceEnd]): void {
  const [one, two] = ends.map(({ link, name }) => [link, 'netns', name]) as [string[], string[]]
  mustRun('ip', 'link', 'add', ...one, 'type', 'veth', 'peer', 'name', ...two)
  for (const { name, link, address } of ends) {
    mustRun('ip', '-n', name, 'address', 'add', `${address}/24`, 'dev', link)
    for (const each of ['lo', link]) mustRun('ip', '-n', name, 'link', 'set', each, 'up')
  }
}

/** What runs in a namespace. */
export function processesOf({ name }: NamespaceEnd): number[] {
  const printed = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
  return printed.split('\n').filter(Boolean).map(Number)
}

/** The second one loses its power and gets it back: its processes and connections are gone without a word to the first. */
export function restartSecond(ends: readonly [NamespaceEnd, NamespaceEnd]): void {
  const { name, link } = ends[1]
  mustRun('ip', '-n', name, 'link', 'set', link, 'down')
  for (const pid of processesOf(ends[1])) process.kill(pid, 'SIGKILL')
  mustRun('ip', 'netns', 'delete', name)
  mustRun('ip', 'netns', 'add', name)
  // The old one, and its end of the cable, go when the system gets round to it.
  mustRun('ip', '-n', ends[0].name, 'link', 'delete', ends[0].link)
  layCable(ends)
}

/** The pair of interfaces goes with its namespaces; those that were never made are no fault. */
export function removeNamespaces(ends: readonly NamespaceEnd[]): void {
  for (const { name } of ends) {
    try {
      mustRun('ip', 'netns', 'delete', name)
    } catch {
      // Never made.
    }
  }
}

/** Which of two machines a Tandem is, and where they meet. */
export function nodeFlags(machine: 0 | 1, endpoint: string): string[] {
  return ['--nnodes', '2', '--node-rank', String(machine), '--rdzv-endpoint', endpoint]
}
