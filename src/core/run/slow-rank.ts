import { type CollectiveName, type EngineName, engines } from '../../shared/domain/engines.js'
import { slowRankOf } from '../../shared/domain/slow-rank.js'
import { strategies } from '../../shared/domain/strategies.js'
import { TandemError } from '../../shared/errors.js'
import { machineCount } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'

/** Where the exchange is a part of the step of its own; what chooses by itself chooses one of these then. */
const inHostMemory: readonly CollectiveName[] = ['auto', 'shared-memory', 'files']

/**
 * Throws `usage` for a rank to be slowed that no measurement has, or that cannot be: engines with a trainer of their own
 * and exchanges within the compiled step have no place where a rank could wait.
 */
export function assertSlowRank(
  { slowRank: text, collective }: Pick<RunConfiguration, 'slowRank' | 'collective'>,
  measurements: readonly Measurement[],
  names: readonly EngineName[],
): void {
  const slowRank = slowRankOf(text)
  if (slowRank === null) return
  const groups = measurements.filter(
    ({ strategy, status }) => strategies[strategy].exchangesGradients && status !== 'skipped',
  )
  const ranks = Math.max(0, ...groups.map(({ worldSize }) => worldSize))
  if (ranks < 2)
    throw refused(text, 'no strategy with several ranks is measured', 'Measure DDP on two devices or more.')
  if (slowRank.rank >= ranks) {
    throw refused(text, `there are ranks 0 to ${ranks - 1}`, `Name one of them, as 1:${slowRank.factor}x.`)
  }
  const other = names.find((name) => engines[name].hasPyTorchSettings)
  if (other !== undefined) {
    throw refused(text, `${engines[other].title} cannot slow a rank`, 'Use --backend tensorflow or wasm.')
  }
  const isOverMachines = groups.some(({ devices }) => machineCount(devices) > 1)
  if (isOverMachines || !inHostMemory.includes(collective)) {
    throw refused(
      text,
      "a step with TensorFlow's collectives is one call, in which no rank can wait",
      isOverMachines ? 'Slow a rank on one machine, without --nnodes.' : 'Leave --collective out.',
    )
  }
}

function refused(text: string, problem: string, hint: string): TandemError {
  return new TandemError({
    code: 'usage',
    message: `--slow-rank ${text}: ${problem}`,
    hint,
    setting: { name: 'slowRank', problem },
  })
}
