import { forgetFailure, rememberFailure } from '../../core/failure-memory.js'
import { ResultsFile } from '../../core/results/results-file.js'
import { assertNever, toErrorReport } from '../../shared/errors.js'
import { presets } from '../../shared/run/presets.js'
import type { RunWish } from '../../shared/run/run-wish.js'
import type { CommandIo } from '../command-io.js'
import { benchmark } from '../commands/benchmark.js'
import { exitCodes } from '../exit-codes.js'
import { runWebDashboard } from '../serve/web-dashboard.js'
import { createDisplay } from '../terminal/display.js'
import { desktopProgramVariable, findElectron } from './electron-binary.js'
import { fetchElectron } from './fetch-electron.js'
import { type ElectronState, nextStep } from './next-step.js'
import { runDesktop } from './run-desktop.js'
import { sandboxHint } from './sandbox-hint.js'
import { lookAround } from './surroundings.js'

/** What a test may have otherwise. */
export interface StartOptions {
  platform?: NodeJS.Platform
  userId?: number | null
  readyMs?: number
  opensBrowser?: boolean
}

/**
 * Opens the dashboard where it can be seen: on the desktop, else in a browser; where nobody is, measures instead.
 * Says in one line what it does and why. Resolves to the exit code when that has ended.
 */
export async function startTandem(io: CommandIo, wish: RunWish, options: StartOptions = {}): Promise<number> {
  const { environment, installation } = io
  const { platform = process.platform, userId = process.getuid?.() ?? null, opensBrowser = true } = options
  const around = lookAround({ environment, platform, isTerminal: io.stdout.isTTY === true, userId })
  const packageDirectory = installation.electronDirectory
  const search = { packageDirectory, environment, platform }
  const say = (line: string): void => void io.stdout.write(`${line}\n`)

  let electron = await findElectron(search)
  for (;;) {
    const step = nextStep(around, wish, electron)
    switch (step.do) {
      case 'fetch-electron':
        electron = await fetchAndFind(io, search)
        break
      case 'open-desktop': {
        const outcome = await openDesktop(io, step, wish, options)
        if (outcome.kind === 'ended') return outcome.exitCode
        if (outcome.kind === 'failed') electron = { status: 'failed', why: whyFailed(step.path, outcome.why) }
        else say('Starting once more, without the graphics card: its process kept failing')
        break
      }
      case 'serve-browsers':
        say(`Opening the dashboard for a browser: ${step.why}`)
        await runWebDashboard(io, {
          allowedHosts: [],
          host: '127.0.0.1',
          port: null,
          opensBrowser: opensBrowser && around.hasTerminal && !around.isCi,
          run: wish,
        })
        return exitCodes.success
      case 'measure': {
        const configuration = presets[wish === 'first' || wish === false ? 'quick' : wish]
        say(`Measuring (${configuration.preset}) to the end, without a dashboard: ${step.why}`)
        const output = await ResultsFile.open('results.json')
        return await benchmark(
          { configuration, tensorflowDirectory: undefined, python: undefined, output },
          io,
        )
      }
      default:
        return assertNever(step, 'step of a start')
    }
  }
}

type Search = Parameters<typeof findElectron>[0]

/** A fetch that fails is not tried again by itself for a while. */
async function fetchAndFind(io: CommandIo, search: Search): Promise<ElectronState> {
  const { environment } = io
  const display = createDisplay(io.stdout, environment)
  try {
    await io.withInterrupt((signal) =>
      fetchElectron({
        packageDirectory: search.packageDirectory,
        environment,
        signal,
        onStatus: (text) => display.status(text),
      }),
    )
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown)
    if (code === 'cancelled') throw thrown
    await rememberFailure('electron-fetch', environment)
    return { status: 'unavailable', why: `it could not be fetched (${message})` }
  } finally {
    display.end()
  }
  await forgetFailure('electron-fetch', environment)
  const found = await findElectron(search)
  return found.status === 'missing'
    ? { status: 'unavailable', why: 'it was downloaded, but is not there' }
    : found
}

function whyFailed(electron: string, why: string): string {
  const hint = process.platform === 'linux' ? sandboxHint(electron) : null
  return hint === null ? why : `${why}; ${hint}`
}

function openDesktop(
  io: CommandIo,
  { path, why }: { path: string; why: string },
  wish: RunWish,
  { readyMs }: StartOptions,
) {
  return io.withInterrupt((signal) =>
    runDesktop({
      electron: path,
      appDirectory: io.environment[desktopProgramVariable] ? null : io.installation.appDirectory,
      wish,
      environment: io.environment,
      signal,
      stderr: io.stderr,
      onOpen: (how) =>
        io.stdout.write(
          how === 'opened'
            ? `The dashboard is open on the desktop: ${why}   (Ctrl-C ends it)\n`
            : 'The dashboard is already open on the desktop; its window has come to the front\n',
        ),
      ...(readyMs !== undefined && { readyMs }),
    }),
  )
}
