import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { dataFolder } from '../data/data-folder.js'

/** Nobody else's: a run tells of this machine, its user's paths, and what programs ran beside it. */
export const privateFolderMode = 0o700
export const privateFileMode = 0o600

/** What a run leaves in its folder. The recording is the truth; everything else can be made from it, or is a copy. */
export interface RunFolder {
  directory: string
  /** The list entry, and whose run it is: replaced as a whole at every turn of the run. */
  summary: string
  /** Every event, a line each, appended while the run goes on. */
  recording: string
  /** `results.json`: replaced as a whole after each epoch. */
  results: string
  /** What its owner calls it and notes on it; written by whoever names it, whoever's run it is. */
  label: string
  /** What trainers printed, a folder a measurement. */
  logs: string
}

/** Where the history of this user's runs is kept. */
export function historyFolder(environment: NodeJS.ProcessEnv): string {
  return join(dataFolder(environment), 'runs')
}

/** Where the runs lie that ship with Tandem, within its resources. */
export function exampleFolder(resourcesDirectory: string): string {
  return join(resourcesDirectory, 'recorded-runs')
}

export function runFolder(directory: string): RunFolder {
  return {
    directory,
    summary: join(directory, 'run.json'),
    recording: join(directory, 'recording.jsonl'),
    results: join(directory, 'results.json'),
    label: join(directory, 'label.json'),
    logs: join(directory, 'logs'),
  }
}

/** Run ids are names of folders: nothing else may come through as one. */
const runIdPattern = /^\d{8}-\d{6}-[0-9a-f]{6}$/

export function isRunId(name: string): boolean {
  return runIdPattern.test(name)
}

/** Sorts by time, and is unique: `20260131-142530-9f3a1c`. */
export function newRunId(at: Date): string {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${stamp}-${randomBytes(3).toString('hex')}`
}
