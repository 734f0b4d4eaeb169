import { noSlowRank } from '../../shared/domain/slow-rank.js'
import { strategies } from '../../shared/domain/strategies.js'
import { toErrorReport } from '../../shared/errors.js'
import { isHere, machineCount, otherMachinesOf } from '../../shared/machine/device.js'
import { type Measurement, measurementKey } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { RankGroup } from '../child/rank-group.js'
import { makeScratchCopy, type ScratchCopy } from '../script/scratch-copy.js'
import { type Collective, chooseCollective, isAddressInUse, openCollective } from './collective.js'
import { logTo } from './log-folder.js'
import { MeasurementRecorder } from './measurement-recorder.js'
import { type GroupOutcome, runTrainerGroup } from './trainer-group.js'
import { type JobInput, trainerJobs } from './trainer-jobs.js'
import type { TrainerHost } from './trainer-process.js'

export interface MeasureOptions {
  input: JobInput
  host: TrainerHost
  signal: AbortSignal
  onEvent(event: RunEvent): void
  /** After each epoch, with all that was measured up to then. */
  onEpoch(soFar: Measurement): void
}

/** Runs one planned measurement in fresh processes. Never rejects: failures are in what it returns. */
export async function measure(planned: Measurement, options: MeasureOptions): Promise<Measurement> {
  const first = await attempt(planned, options)
  // The ports were free when they were picked; another program was faster. Once more, with others.
  const lostPort = first.error !== null && first.epochs.length === 0 && isAddressInUse(first.error.message)
  return lostPort ? attempt(planned, options) : first
}

async function attempt(planned: Measurement, options: MeasureOptions): Promise<Measurement> {
  const { input, host, signal } = options
  const recorder = new MeasurementRecorder(planned, input.configuration, (event) => {
    options.onEvent(event)
    if (event.type === 'epoch') options.onEpoch(recorder.current())
  })
  let collective: Collective | null = null
  let scratch: ScratchCopy | null = null
  let outcome: GroupOutcome
  try {
    await host.machines?.comeBack(otherMachinesOf(planned.devices), signal)
    collective = await openCollectiveFor(planned, options)
    scratch = await copyFolderOf(options)
    outcome = await runTrainerGroup({
      jobs: trainerJobs(
        planned,
        scratch === null ? input : inFolder(input, scratch.folder),
        collective?.job ?? null,
        host.machines?.own.interfaceName ?? null,
      ),
      host: { ...logTo(host, measurementKey(planned)), ranksOfOneCommand: groupOf(planned, input) },
      signal,
      onMessage: (rank, message) => recorder.record(rank, message),
      onAllReady: () => void collective?.joined().catch(leaveToRelease),
    })
  } catch (thrown) {
    outcome = signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error: toErrorReport(thrown) }
  } finally {
    await collective?.release()
    await scratch?.remove()
  }
  return { ...recorder.conclude(outcome), ...clocksOf(planned, host) }
}

/** Of the other machines that took part, as they were found while it was measured. */
function clocksOf(planned: Measurement, { machines }: TrainerHost): Pick<Measurement, 'clocks'> {
  const clocks = otherMachinesOf(planned.devices).flatMap((machine) => machines?.takeClock(machine) ?? [])
  return clocks.length === 0 ? {} : { clocks }
}

async function openCollectiveFor(
  planned: Measurement,
  { input, host }: MeasureOptions,
): Promise<Collective | null> {
  const { timeouts, machines = null } = host
  if (input.scriptSetup !== undefined) {
    // On one machine the ranks of a script meet by themselves.
    if (machineCount(planned.devices) === 1) return null
    return openCollective(
      'torch-network',
      planned.devices,
      input.configuration,
      timeouts.collectiveMs,
      machines,
    )
  }
  if (!strategies[planned.strategy].exchangesGradients || planned.worldSize === 1) return null
  const kind = chooseCollective(
    input.configuration.collective,
    planned.backend,
    planned.devices,
    process.platform,
    input.configuration.slowRank !== noSlowRank,
  )
  const { configuration } = input
  return openCollective(kind, planned.devices, configuration, timeouts.collectiveMs, machines)
}

/** A copy of a script's folder, where it is to run in one. */
async function copyFolderOf({ input, signal, onEvent }: MeasureOptions): Promise<ScratchCopy | null> {
  const { script } = input.configuration
  if (script === undefined || !script.isInScratch) return null
  const copy = await makeScratchCopy(script.folder, signal)
  onEvent({ type: 'note', text: copy.note })
  return copy
}

function inFolder(input: JobInput, folder: string): JobInput {
  const { script } = input.configuration
  if (script === undefined) return input
  return { ...input, configuration: { ...input.configuration, script: { ...script, folder } } }
}

/** A script's ranks on this machine come of one command. */
function groupOf({ devices }: Measurement, { scriptSetup }: JobInput): RankGroup | undefined {
  if (scriptSetup === undefined) return undefined
  const here = devices.filter(isHere).length
  return new RankGroup(here, { isWhole: here === devices.length })
}

/** `release` removes the file again, and reports if it cannot. */
function leaveToRelease(): void {}
