import { execFileSync } from 'node:child_process'

/** Of the machines, by their numbers. */
export const addresses = ['10.78.0.1', '10.78.0.2'] as const

export interface ShapedMachines {
  /** What stands before a command that is to run on a machine, on a core of its own. */
  enter(machine: 0 | 1): [string, ...string[]]
  /** From now on neither sends more than this. */
  shape(bitsPerSecond: number): void
  remove(): void
}

function run(program: string, ...words: (string | number)[]): void {
  execFileSync(program, words.map(String), { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Two network namespaces with a pair of virtual interfaces between them. Throws where they cannot be made. */
export function makeShapedMachines(): ShapedMachines {
  const machines = ['a', 'b'].map((letter, index) => ({
    name: `tandem-bench-${letter}-${process.pid}`,
    link: `tb${letter}${process.pid}`.slice(0, 15),
    address: `${addresses[index]}/24`,
  }))
  const remove = (): void => {
    for (const { name } of machines) {
      try {
        run('ip', 'netns', 'delete', name)
      } catch {
        // Never made.
      }
    }
  }
  try {
    for (const { name } of machines) run('ip', 'netns', 'add', name)
    const [one, two] = machines.map(({ link, name }) => [link, 'netns', name])
    run('ip', 'link', 'add', ...(one ?? []), 'type', 'veth', 'peer', 'name', ...(two ?? []))
    for (const { name, link, address } of machines) {
      run('ip', '-n', name, 'address', 'add', address, 'dev', link)
      for (const each of ['lo', link]) run('ip', '-n', name, 'link', 'set', each, 'up')
    }
  } catch (thrown) {
    remove()
    throw thrown
  }
  return {
    enter: (machine) => {
      const { name } = machines[machine] as (typeof machines)[number]
      return ['ip', 'netns', 'exec', name, 'taskset', '-c', String(machine)]
    },
    shape(bitsPerSecond) {
      for (const { name, link } of machines) {
        const shaper = ['tbf', 'rate', `${bitsPerSecond}bit`, 'burst', '128kb', 'latency', '50ms']
        run('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'replace', 'dev', link, 'root', ...shaper)
      }
    },
    remove,
  }
}
