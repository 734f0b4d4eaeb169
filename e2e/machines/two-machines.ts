import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/*
 * Two "machines" on one: network namespaces joined by a pair of virtual interfaces. They share the processor, the clock and
 * the files, and nothing of the network.
 */

/** Of the machines, by their numbers. */
export const addresses = ['10.77.0.1', '10.77.0.2'] as const
const hostNames = ['tandem-one', 'tandem-two'] as const

export interface TwoMachines {
  /** A command line to put in front of another one, which then runs on that machine under the same process id. */
  enter(machine: 0 | 1): readonly [string, ...string[]]
  /** Cuts the cable, or mends it. */
  setLink(state: 'up' | 'down'): void
  /** Removes both; processes on them must have ended. */
  remove(): void
}

function ip(...words: string[]): boolean {
  return spawnSync('ip', words, { stdio: 'ignore' }).status === 0
}

const probe = `tandem-probe-${process.pid}`
const canMakeMachines =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ip('netns', 'add', probe) &&
  ip('netns', 'delete', probe)

/** Tests that need two machines: skipped, with the reason in their title, where none can be made. */
export function describeWithTwoMachines(title: string, define: () => void): void {
  if (canMakeMachines) describe(title, define)
  else describe.skip(`${title} (skipped: network namespaces need Linux, \`ip\` and root)`, define)
}

/** Throws where they cannot be made; nothing is left of them then. */
export function makeTwoMachines(): TwoMachines {
  const names = hostNames.map((name) => `${name}-${process.pid}`)
  const links = ['tdma', 'tdmb'].map((name) => `${name}${process.pid}`.slice(0, 15))
  const remove = (): void => {
    // The pair of interfaces goes with its namespaces.
    for (const name of names) ip('netns', 'delete', name)
  }
  const must = (...words: string[]): void => {
    if (ip(...words)) return
    remove()
    throw new Error(`ip ${words.join(' ')} failed`)
  }
  for (const name of names) must('netns', 'add', name)
  must(
    'link',
    'add',
    links[0] as string,
    'netns',
    names[0] as string,
    'type',
    'veth',
    'peer',
    'name',
    links[1] as string,
    'netns',
    names[1] as string,
  )
  names.forEach((name, index) => {
    must('-n', name, 'address', 'add', `${addresses[index]}/24`, 'dev', links[index] as string)
    must('-n', name, 'link', 'set', 'lo', 'up')
    must('-n', name, 'link', 'set', links[index] as string, 'up')
  })
  return {
    enter: (machine) => ['ip', 'netns', 'exec', names[machine] as string],
    setLink: (state) => must('-n', names[0] as string, 'link', 'set', links[0] as string, state),
    remove,
  }
}
