import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import getPort from 'get-port'
import { describe } from 'vitest'
import { buildForNode } from '../../src/child/test-support/build-entry.js'
import { makeSecretFile } from '../../src/core/machines/secret-file.js'
import { startTandem, type TandemProcess } from '../tandem-process.js'
import {
  enter,
  joinNamespaces,
  mustRun,
  type NamespaceEnd,
  nodeFlags,
  processesOf,
  removeNamespaces,
  restartSecond,
} from './joined-namespaces.js'

/*
 * Two "machines" on one: network namespaces joined by a pair of virtual interfaces. They share the processor, the clock and
 * the files, and nothing of the network.
 */

/** Of the machines, by their numbers. */
export const addresses = ['10.77.0.1', '10.77.0.2'] as const
const hostNames = ['tandem-one', 'tandem-two'] as const

let made = 0

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The sampler of a quiet machine: nothing is measured again for others' sake. */
const quiet = {
  FAULTS_ROOT: root,
  FAULTS_SAMPLER: join(root, 'src', 'core', 'telemetry', 'fake-sampler.fixture.mjs'),
}

export interface NodeOptions {
  /** On which cores it may compute; all where none is named. */
  core?: number
  environment?: NodeJS.ProcessEnv
  /** After all flags. */
  words?: readonly string[]
}

export interface TwoMachines {
  /** Tandem on one of them, as that node of a run over both, or of none (`alone`). */
  start(
    machine: 0 | 1,
    parameters: readonly string[],
    options?: NodeOptions & { alone?: true },
  ): TandemProcess
  /** The folder of data, secret and results of one machine. */
  folder(machine: 0 | 1): string
  /** What runs on one machine. */
  processes(machine: 0 | 1): number[]
  /** Cuts the cable, or mends it. */
  setLink(state: 'up' | 'down'): void
  /** Node 1 loses its power, and is up again without what ran there. */
  restart(): void
  /** Removes both; processes on them must have ended. */
  remove(): Promise<void>
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

/** @param number tells these from all others */
export function twoEnds(number: string): [NamespaceEnd, NamespaceEnd] {
  return hostNames.map((name, machine) => ({
    name: `${name}-${number}`,
    link: `td${'ab'[machine]}${number}`.slice(0, 15),
    address: addresses[machine] as string,
  })) as [NamespaceEnd, NamespaceEnd]
}

/** Throws where they cannot be made; nothing is left of them then. */
export async function makeTwoMachines(): Promise<TwoMachines> {
  // What is left of earlier ones goes with their last process.
  const ends = twoEnds(`${process.pid}${made++}`)
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'tandem-machine-')))
  const started: TandemProcess[] = []
  const program = await buildForNode('../e2e/faults/tandem-with-faults.ts')
  const remove = async (): Promise<void> => {
    for (const { child } of started) child.kill('SIGKILL')
    removeNamespaces(ends)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    await program.dispose()
  }
  const secret = await makeSecretFile(join(folders[0] as string, 'secret'))
  const port = await getPort()
  try {
    joinNamespaces(ends)
  } catch (thrown) {
    await remove()
    throw thrown
  }
  return {
    folder: (machine) => folders[machine] as string,
    start(machine, parameters, { core, environment = {}, alone, words = [] } = {}) {
      const place = nodeFlags(machine, `${addresses[0]}:${port}`)
      const onCore = core === undefined ? [] : ['taskset', '--cpu-list', String(core)]
      const tandem = startTandem(
        [...parameters, ...(alone ? [] : [...place, '--rdzv-secret-file', secret]), ...words],
        { ...quiet, TANDEM_DATA_DIR: join(folders[machine] as string, 'data'), ...environment },
        program.path,
        [...enter(ends[machine]), ...onCore],
      )
      started.push(tandem)
      return tandem
    },
    processes: (machine) => processesOf(ends[machine]),
    setLink: (state) => mustRun('ip', '-n', ends[0].name, 'link', 'set', ends[0].link, state),
    restart: () => restartSecond(ends),
    remove,
  }
}
