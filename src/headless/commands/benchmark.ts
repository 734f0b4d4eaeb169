import { childEnvironment } from '../../core/child/child-program.js'
import { spawnNodeChild } from '../../core/child/node-child.js'
import type { DownloadProgress } from '../../core/data/download.js'
import { installOnce } from '../../core/engine/install-once.js'
import type { EngineSearch } from '../../core/engine/locate.js'
import { logFolder, pruneLogs } from '../../core/run/log-folder.js'
import { prepareRun } from '../../core/run/prepare-run.js'
import { runBenchmark } from '../../core/run/run-benchmark.js'
import { defaultTimeouts } from '../../core/run/timeouts.js'
import type { TrainerHost } from '../../core/run/trainer-process.js'
import { assertNever } from '../../shared/errors.js'
import { formatBytes, formatPercent } from '../../shared/format.js'
import type { Results } from '../../shared/results.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import type { CommandIo } from '../command-io.js'
import { exitCodes } from '../exit-codes.js'
import { createDisplay, type Display } from '../terminal/display.js'
import { createRunReporter } from '../terminal/run-reporter.js'

export interface BenchmarkCommand {
  configuration: RunConfiguration
  tensorflowDirectory: string | undefined
  /** The world size of `tandem ddp`. */
  processes?: number
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
  try {
    const results = await io.withInterrupt(async (signal) => {
      signal.addEventListener('abort', () => display.line('Stopping (Ctrl-C again ends at once)'))
      const onDownload = (progress: DownloadProgress): void => display.status(downloadText(progress))
      const { resourcesDirectory, version, installsEngine } = io.installation
      const prepared = await prepareRun(command.configuration, {
        environment: io.environment,
        resourcesDirectory,
        tandemVersion: version,
        tensorflowDirectory: command.tensorflowDirectory,
        signal,
        onDownload,
        ...(installsEngine && { onMissingEngine: installer(display, io.environment, signal) }),
        ...(command.processes !== undefined && { processes: command.processes }),
      })
      const trainers = await openTrainerHost(io)
      return runBenchmark(
        prepared,
        { trainers, saveResults },
        { signal, onEvent: createRunReporter(display) },
      )
    })
    if (saved) display.line(`Results: ${output.path}`)
    if (toJson) io.stdout.write(`${JSON.stringify(toJson(results), null, 2)}\n`)
    return saved ? exitCodeFor(results.status) : exitCodes.failure
  } finally {
    display.end()
  }
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

async function openTrainerHost({ environment, installation }: CommandIo): Promise<TrainerHost> {
  const logDirectory = logFolder(environment)
  await pruneLogs(logDirectory)
  return {
    spawn: spawnNodeChild,
    entry: installation.trainerEntry,
    environment: childEnvironment(environment),
    logDirectory,
    timeouts: defaultTimeouts,
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

function downloadText(progress: DownloadProgress): string {
  switch (progress.phase) {
    case 'downloading': {
      const { receivedBytes, totalBytes } = progress
      return `Downloading CIFAR-10: ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)} (${formatPercent(receivedBytes / totalBytes)})`
    }
    case 'verifying':
      return 'Checking the download of CIFAR-10'
    case 'extracting':
      return 'Unpacking CIFAR-10'
    default:
      return assertNever(progress, 'phase of the download')
  }
}
