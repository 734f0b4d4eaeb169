import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type FakeBehaviour, fakeTrainerEntry } from '../core/run/fake-host.fixture.js'
import type { CommandIo } from './command-io.js'
import { main } from './main.js'

export interface CommandLineOutcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface CommandLineOptions {
  /** Where logs and caches go; the test removes it. */
  folder: string
  environment?: NodeJS.ProcessEnv
  behaviour?: FakeBehaviour
  trainerEntry?: string
  engineCheckEntry?: string
  /** Interrupts when standard output contains this. */
  interruptAt?: string
  /** Someone reads along. */
  isTerminal?: boolean
  /** The package `electron`; none where it is left out. */
  electronDirectory?: string
  /** Where the Chromium from npm is; none where it is left out. */
  chromiumDirectory?: string
}

/** A command's outside in this process: no Python and no GPU to be found, and the fake trainer for a trainer. */
export function commandIo(options: CommandLineOptions) {
  const controller = new AbortController()
  const stdout = collect((text) => {
    if (options.interruptAt !== undefined && text.includes(options.interruptAt)) controller.abort()
  })
  const stderr = collect(() => {})
  const io: CommandIo = {
    stdout: Object.assign(stdout.stream, { isTTY: options.isTerminal === true }),
    stderr: stderr.stream,
    environment: {
      PATH: '',
      // Plain lines, also on a terminal.
      TERM: 'dumb',
      TANDEM_CACHE_DIR: options.folder,
      TANDEM_DATA_DIR: options.folder,
      FAKE_TRAINER: JSON.stringify(options.behaviour ?? {}),
      ...options.environment,
    },
    installation: {
      version: '0.1.0',
      trainerEntry: options.trainerEntry ?? fakeTrainerEntry,
      samplerEntry: fileURLToPath(new URL('../core/telemetry/fake-sampler.fixture.mjs', import.meta.url)),
      engineCheckEntry: options.engineCheckEntry ?? join(options.folder, 'no-engine-check'),
      pageDirectory: fileURLToPath(new URL('../renderer', import.meta.url)),
      resourcesDirectory: fileURLToPath(new URL('../../resources', import.meta.url)),
      appDirectory: options.folder,
      electronDirectory: options.electronDirectory ?? join(options.folder, 'no-electron'),
      chromiumDirectory: options.chromiumDirectory ?? join(options.folder, 'no-chromium'),
      installsEngine: false,
    },
    withInterrupt: (action) => action(controller.signal),
  }
  return { io, stdout: stdout.text, stderr: stderr.text }
}

/** Runs the command line in this process. */
export async function commandLine(args: string[], options: CommandLineOptions): Promise<CommandLineOutcome> {
  const { io, stdout, stderr } = commandIo(options)
  const exitCode = await main(args, io)
  return { exitCode, stdout: stdout(), stderr: stderr() }
}

function collect(onText: (all: string) => void) {
  let all = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      all += chunk.toString()
      onText(all)
      done()
    },
  })
  return { stream, text: () => all }
}
