import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { childEnvironment } from '../../core/child/child-program.js'
import { spawnNodeChild } from '../../core/child/node-child.js'
import { spawnSocketChild } from '../../core/child/socket-child.js'
import { RunControl } from '../../core/control/run-control.js'
import { dataFolder } from '../../core/data/data-folder.js'
import { describeDownload } from '../../core/data/download-text.js'
import { installOnce } from '../../core/engine/install-once.js'
import type { EngineSearch } from '../../core/engine/locate.js'
import { historyFolder } from '../../core/history/run-folder.js'
import { RunHistory } from '../../core/history/run-history.js'
import { sweepLeftovers } from '../../core/leftovers/sweep-leftovers.js'
import { withoutRank } from '../../core/machines/launcher-environment.js'
import { MachineFleet } from '../../core/machines/machine-fleet.js'
import type { Rendezvous } from '../../core/machines/rendezvous.js'
import { replaceFile, whyNotWritten } from '../../core/results/output-file.js'
import { formatResults } from '../../core/results/results-file.js'
import { defaultTimeouts } from '../../core/run/timeouts.js'
import { Telemetry } from '../../core/telemetry/telemetry.js'
import { assertNever, type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { printable } from '../../shared/printable.js'
import type { Results } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { CommandIo } from '../command-io.js'
import { exitCodes } from '../exit-codes.js'
import { createDisplay, type Display } from '../terminal/display.js'
import { createRunReporter } from '../terminal/run-reporter.js'

export interface BenchmarkCommand {
  configuration: RunConfiguration
  tensorflowDirectory: string | undefined
  /** `--python`. */
  python: string | undefined
  /** The world size of `tandem ddp`. */
  processes?: number
  /** Of a run over several machines, of which this one is node 0. */
  rendezvous?: Rendezvous
  /** Where the results go; checked already to be writable. */
  output: { path: string; write(results: Results): Promise<void> }
  /** What `--json` prints; absent without it. */
  toJson?: ((results: Results) => unknown) | undefined
}

/** Prepares, runs and tells one benchmark. Returns the exit code; throws what is wrong with the command. */
export async function benchmark(command: BenchmarkCommand, io: CommandIo): Promise<number> {
  const { output, toJson } = command
  const display = createDisplay(toJson ? io.stderr : io.stdout, io.environment)
  let saved = false
  const saveResults = async (results: Results): Promise<void> => {
    saved = false
    await output.write(results)
    saved = true
  }
  await sweepLeftovers(dataFolder(io.environment))
  const history = new RunHistory(historyFolder(io.environment))
  const telemetry = openTelemetry(io)
  const control = openRunControl(io, history, telemetry, command.rendezvous !== undefined)
  let runId = ''
  let fleet: MachineFleet | null = null
  let failure: ErrorReport | null = null
  try {
    fleet = await openFleet(command.rendezvous, display, io)
    const machines = fleet
    const results = await io.withInterrupt(async (signal) => {
      const stop = (): void => {
        display.line('Stopping (Ctrl-C again ends at once)')
        control.stop()
      }
      signal.addEventListener('abort', stop)
      const run = await control.start({
        configuration: command.configuration,
        tensorflowDirectory: command.tensorflowDirectory,
        python: command.python,
        saveResults,
        onDownload: (progress) => display.status(describeDownload(progress)),
        onEvent: createRunReporter(display, () => control.state.remainingSeconds),
        ...(io.installation.installsEngine && {
          onMissingEngine: installer(display, io.environment, signal),
        }),
        ...(command.processes !== undefined && { processes: command.processes }),
        ...(machines !== null && { machines }),
      })
      runId = run.runId
      return run.results
    })
    if (!saved) await untilWritten(() => saveResults(results))
    const unkept = await history.settle(runId, lastTriesMs)
    if (saved) display.line(`Results: ${output.path}`)
    if (unkept === null) display.line(`History: ${join(history.directory, runId)}`)
    else display.line(`This run is not in the history: ${unkept}`)
    if (!saved && unkept !== null) display.line(await lastResort(results))
    if (toJson) io.stdout.write(`${JSON.stringify(toJson(results), null, 2)}\n`)
    return saved ? exitCodeFor(results.status) : exitCodes.failure
  } catch (thrown) {
    failure = toErrorReport(thrown)
    throw thrown
  } finally {
    await fleet?.close(failure)
    await telemetry.close()
    display.end()
  }
}

/** Null for a run on this machine alone. */
async function openFleet(
  rendezvous: Rendezvous | undefined,
  display: Display,
  { installation }: CommandIo,
): Promise<MachineFleet | null> {
  if (rendezvous === undefined) return null
  return await MachineFleet.open({
    rendezvous,
    tandemVersion: installation.version,
    onNotice: (text) => display.line(printable(text)),
  })
}

function installer(display: Display, environment: NodeJS.ProcessEnv, signal: AbortSignal) {
  return (search: EngineSearch) =>
    installOnce(search, {
      environment,
      signal,
      say: (line) => display.line(line),
      onStatus: (text) => display.status(text),
    })
}

/** The terminal shows none of it; the run's recording has it. */
function openTelemetry({ environment, installation }: CommandIo): Telemetry {
  return new Telemetry({
    spawn: spawnNodeChild,
    entry: installation.samplerEntry,
    environment: childEnvironment(environment),
  })
}

/** Live events go to the history alone. */
function openRunControl(
  { environment, installation }: CommandIo,
  history: RunHistory,
  telemetry: Telemetry,
  isOfSeveral: boolean,
): RunControl {
  const inherited = childEnvironment(environment)
  return new RunControl({
    environment,
    resourcesDirectory: installation.resourcesDirectory,
    tandemVersion: installation.version,
    trainers: {
      spawn: spawnNodeChild,
      spawnCommand: spawnSocketChild,
      entry: installation.trainerEntry,
      environment: isOfSeveral ? withoutRank(inherited) : inherited,
      timeouts: { ...defaultTimeouts, ...installation.timeouts },
    },
    history,
    telemetry,
    onState() {},
    onLiveEvent() {},
  })
}

/** How long a disk that takes nothing is tried before the process ends, and what it holds with it. */
const lastTriesMs = 5_000

/** Never rejects: that a save failed was told when it failed first. */
async function untilWritten(save: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + lastTriesMs
  while (performance.now() < deadline) {
    await delay(500)
    if (
      await save().then(
        () => true,
        () => false,
      )
    )
      return
  }
}

/** Where neither the output file nor the history takes the results, another disk may. */
async function lastResort(results: Results): Promise<string> {
  const folder = tmpdir()
  const path = join(folder, `tandem-${results.runId}-${randomBytes(6).toString('hex')}.json`)
  try {
    await replaceFile(path, formatResults(results), 0o600)
    return `Results, for lack of a better place: ${path}`
  } catch (error) {
    return `The results are lost: in ${folder}, too, ${whyNotWritten(error, folder)}`
  }
}

function exitCodeFor(status: Results['status']): number {
  switch (status) {
    case 'complete':
      return exitCodes.success
    case 'cancelled':
      return exitCodes.interrupted
    case 'failed':
    case 'incomplete':
      return exitCodes.failure
    default:
      return assertNever(status, 'status of a run')
  }
}
