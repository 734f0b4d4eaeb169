import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { ownerOfTemporary } from '../../src/core/leftovers/temporary-name.js'
import { launcherOf } from '../../src/core/script/script-command.js'
import type { Measurement } from '../../src/shared/results/results.js'
import type { Script } from '../../src/shared/script/script.js'
import { eventually } from '../eventually.js'
import { measureOnce } from './measure-once.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What was started with this mark in its environment has ended, and left no file behind. */
export async function expectNothingLeft(mark: string): Promise<void> {
  await eventually('no process is left', 20_000, () => processesOf(mark).length === 0)
  expect(readdirSync(tmpdir()).filter((name) => ownerOfTemporary(name)?.pid === process.pid)).toEqual([])
}

/** All processes with this mark in their environment: of a script, or ranks with their data workers. */
export function processesOf(mark: string): string[] {
  if (!existsSync('/proc')) return []
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}

interface Measuring extends Partial<Script> {
  signal?: AbortSignal
  /** Once its first rank is about to be measured. */
  onWarm?(): void
}

/** Measures a command on so many ranks, in the folder of these scripts; 12 steps after 3. Its processes have the mark. */
export async function measureScript(
  mark: string,
  command: string[],
  ranks: number,
  { signal = new AbortController().signal, onWarm, ...chosen }: Measuring = {},
): Promise<Measurement> {
  const environment = {
    ...childEnvironment(process.env),
    ...{ PYTHONPATH: here('scripts'), PYTHONDONTWRITEBYTECODE: '1', TANDEM_TEST_MARK: mark },
  }
  const script: Script = {
    ...{ command, folder: here('scripts'), worlds: [ranks], launcher: launcherOf(command) },
    ...{ steps: 12, warmUpSteps: 3, perDeviceBatch: null, globalBatch: null, startSeconds: 300 },
    isInScratch: false,
    ...chosen,
  }
  return await measureOnce(script, {
    ...{ environment, resourcesDirectory: here('../../resources'), signal, onWarm },
    timeouts: { stopMs: 2_000, exitMs: 5_000, terminateMs: 500 },
  })
}

/** What was counted, or what went wrong. */
export function counted({ error, epochs, ranks, globalBatchSize }: Measurement) {
  if (error !== null) return error
  return {
    images: epochs[0]?.images,
    globalBatchSize,
    steps: ranks.map(({ steps }) => steps.length),
  }
}
