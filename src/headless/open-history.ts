import { exampleFolder, historyFolder } from '../core/history/run-folder.js'
import { RunHistory } from '../core/history/run-history.js'
import type { CommandIo } from './command-io.js'

/** The history of this user, and the runs that ship with Tandem. */
export function openHistory({ environment, installation }: CommandIo): RunHistory {
  return new RunHistory(historyFolder(environment), exampleFolder(installation.resourcesDirectory))
}
