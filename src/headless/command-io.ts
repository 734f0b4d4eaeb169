import type { RunTimeouts } from '../core/run/timeouts.js'
import type { OutputStream } from './terminal/display.js'

/** Everything that a command reaches the outside through, so that a test can stand in for a terminal. */
export interface CommandIo {
  stdout: OutputStream
  stderr: OutputStream
  environment: NodeJS.ProcessEnv
  installation: Installation
  /** Runs `action` with a signal that Ctrl-C fires. */
  withInterrupt<Result>(action: (signal: AbortSignal) => Promise<Result>): Promise<Result>
}

/** Where the parts of this Tandem lie. */
export interface Installation {
  version: string
  /** The built trainer program. */
  trainerEntry: string
  /** The built sampler program. */
  samplerEntry: string
  /** The built program that proves an engine. */
  engineCheckEntry: string
  /** The built page of the dashboard. */
  pageDirectory: string
  resourcesDirectory: string
  /** The folder whose package.json names the desktop app. */
  appDirectory: string
  /** The package `electron`, where it is installed. */
  electronDirectory: string
  /** The folder that a Chromium from npm would be installed in. */
  chromiumDirectory: string
  /** Whether a run that finds no TensorFlow installs it first. */
  installsEngine: boolean
  /** How long trainers are waited for, where that is not as usual. */
  timeouts?: Partial<RunTimeouts>
}
