import {
  joinNamespaces,
  mustRun,
  type NamespaceEnd,
  removeNamespaces,
} from '../../e2e/machines/joined-namespaces.js'

/** Of the machines, by their numbers. */
export const addresses = ['10.78.0.1', '10.78.0.2'] as const

export interface ShapedMachines {
  /** What stands before a command that is to run on a machine, on a core of its own. */
  enter(machine: 0 | 1): [string, ...string[]]
  /** From now on neither sends more than this. */
  shape(bitsPerSecond: number): void
  remove(): void
}

/** Two network namespaces with a pair of virtual interfaces between them. Throws where they cannot be made. */
export function makeShapedMachines(): ShapedMachines {
  const machines = ['a', 'b'].map((letter, index) => ({
    name: `tandem-bench-${letter}-${process.pid}`,
    link: `tb${letter}${process.pid}`.slice(0, 15),
    address: addresses[index] as string,
  })) as [NamespaceEnd, NamespaceEnd]
  joinNamespaces(machines)
  return {
    enter: (machine) => {
      return ['ip', 'netns', 'exec', machines[machine].name, 'taskset', '-c', String(machine)]
    },
    shape(bitsPerSecond) {
      for (const { name, link } of machines) {
        const shaper = ['tbf', 'rate', `${bitsPerSecond}bit`, 'burst', '128kb', 'latency', '50ms']
        mustRun('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'replace', 'dev', link, 'root', ...shaper)
      }
    },
    remove: () => removeNamespaces(machines),
  }
}
