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
  /** Cuts the cable, or mends it. */
  setLink(state: 'up' | 'down'): void
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

/** Throws where they cannot be made; nothing is left of them then. */
export async function makeTwoMachines(): Promise<TwoMachines> {
  // What is left of earlier ones goes with their last process.
  const number = `${process.pid}${made++}`
  const names = hostNames.map((name) => `${name}-${number}`)
  const links = ['tda', 'tdb'].map((name) => `${name}${number}`.slice(0, 15))
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'tandem-machine-')))
  const started: TandemProcess[] = []
  const program = await buildForNode('../e2e/faults/tandem-with-faults.ts')
  const remove = async (): Promise<void> => {
    for (const { child } of started) child.kill('SIGKILL')
    // The pair of interfaces goes with its namespaces.
    for (const name of names) ip('netns', 'delete', name)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    await program.dispose()
  }
  const secret = await makeSecretFile(join(folders[0] as string, 'secret'))
  const port = await getPort()
  const must = (...words: string[]): void => {
    if (ip(...words)) return
    void remove()
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
    folder: (machine) => folders[machine] as string,
    start(machine, parameters, { core, environment = {}, alone } = {}) {
      const place = [
        '--nnodes',
        '2',
        '--node-rank',
        String(machine),
        '--rdzv-endpoint',
        `${addresses[0]}:${port}`,
      ]
      const launcher = ['ip', 'netns', 'exec', names[machine] as string]
      const onCore = core === undefined ? [] : ['taskset', '--cpu-list', String(core)]
      const tandem = startTandem(
        [...parameters, ...(alone ? [] : [...place, '--rdzv-secret-file', secret])],
        { ...quiet, TANDEM_DATA_DIR: join(folders[machine] as string, 'data'), ...environment },
        program.path,
        [...launcher, ...onCore],
      )
      started.push(tandem)
      return tandem
    },
    setLink: (state) => must('-n', names[0] as string, 'link', 'set', links[0] as string, state),
    remove,
  }
}
