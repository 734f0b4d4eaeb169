import { z } from 'zod'
import type { RunAnalysis } from '../analysis/run-analysis.js'
import type { ExpectedTime } from '../expected-time.js'
import type { ExplainedMeasurement, ExplainedStep } from '../explain/explained-run.js'
import { exportFormatIds } from '../export/export-formats.js'
import { type HistoryColumnId, historyColumnIds } from '../history-columns.js'
import type { RecordedEvent } from '../live/live-event.js'
import type { LiveRunSnapshot } from '../live/live-run.js'
import { papers } from '../report/paper.js'
import type { Report } from '../report/report.js'
import { type HistoryEntry, labelChangeSchema, type RunLabel } from '../results/history-entry.js'
import type { MeasurementSummary, Results } from '../results/results.js'
import { runConfigurationSchema } from '../run/run-configuration.js'
import type { RunComparison } from '../run-comparison/compare-runs.js'
import { scriptSchema } from '../script/script.js'

/** More do not fit beside each other. */
export const mostComparedRuns = 6

/** Of a message with an import; a run of hundreds of epochs and several repeats is smaller. */
export const largestImportBytes = 32 * 2 ** 20

/** Of one call: a page looks at one step at a time, and reads ahead. */
const mostSteps = 64

/** In characters: names of machines may be of any length. */
export const longestFilter = 300

/** Of each rank, in one call. */
const mostPictures = 512

/** A run as a page may ask for it. Nothing beside that is passed over in silence: a sender would have meant something by it. */
const wantedRun = z.strictObject({
  configuration: runConfigurationSchema.strict().extend({
    script: scriptSchema.strict().optional(),
  }),
})

const runId = z.object({ runId: z.string().min(1) })
const nothing = z.object({})

/** Whether machines are `node 0`, `node 1`, …, wherever their names would stand. */
const namesShape = { withoutNames: z.boolean().optional() }

const importedFile = z.object({
  fileName: z.string().min(1).max(255),
  /** `open`: a run that is in the history already is the answer, in place of an error. */
  existing: z.literal('open').optional(),
})

/**
 * What a page may ask of its host, by name: the request, which is checked where it enters. To add a command: a
 * line here and one in `Responses`, its handler in `src/core/host/handlers.ts`, and its caller.
 */
export const requestSchemas = {
  /** What a run of these settings would measure and skip. Rejects with the setting that is wrong. */
  planRun: wantedRun,
  /**
   * Resolves when the run has begun. Rejects as `planRun`, with `run-active`, with `doctor-active`, and with `script-from-page`
   * for a script that is not the offered one.
   */
  startRun: wantedRun,
  stopRun: nothing,

  installEngine: nothing,
  cancelInstall: nothing,

  /** Begins to prove what this machine can do; its state tells how far it is. Rejects with `run-active` beside a run. */
  startDoctor: nothing,
  stopDoctor: nothing,

  /**
   * `search` are words that all occur in an entry, `filters` what stands in columns. Newest first, unless sorted otherwise.
   * With examples, runs that ship with Tandem are among them.
   */
  listRuns: z.object({
    search: z.string().max(200),
    filters: z.partialRecord(z.enum(historyColumnIds), z.string().max(longestFilter)).optional(),
    sort: z.object({ column: z.enum(historyColumnIds), isDescending: z.boolean() }).optional(),
    withExamples: z.boolean().optional(),
    offset: z.number().int().nonnegative(),
    limit: z.number().int().positive().max(200),
  }),
  /** Runs that ship with Tandem: opened, played and compared like those of the history. */
  listExamples: nothing,
  openRun: runId,
  readResults: runId,
  /** What is derived from the results as they are stored: up to the latest epoch. */
  analyseRun: runId,
  /** The measurements whose steps can be played back. */
  explainRun: runId,
  /** Steps of one measurement, by its key, with why each was not N times as fast. */
  readSteps: runId.extend({
    key: z.string().min(1).max(100),
    from: z.number().int().nonnegative(),
    count: z.number().int().positive().max(mostSteps),
  }),
  /** The pictures that a step trained on, `limit` of each rank at most; a reason where they are not here. */
  readStepPictures: runId.extend({
    key: z.string().min(1).max(100),
    epoch: z.number().int().nonnegative(),
    step: z.number().int().nonnegative(),
    limit: z.number().int().positive().max(mostPictures),
  }),
  /** All that a report of the run says, up to the latest epoch. */
  readReport: runId.extend(namesShape),
  /**
   * The run in a file to hand on. A PDF can fail for want of a browser: `browser-missing`, `browser-not-found`,
   * `browser-not-started`, `print-failed`; the data of a very long run are `export-too-large`.
   */
  exportRun: runId.extend({ format: z.enum(exportFormatIds), paper: z.enum(papers), ...namesShape }),
  /** A part of a recording, from 0 or where the part before says that it goes on. */
  readRecording: runId.extend({ from: z.number().int().nonnegative() }),
  /** The run's entry in the history, and the baseline's. Rejects for a run that ships with Tandem, which is in none. */
  describeRun: runId,
  labelRun: runId.extend(labelChangeSchema.shape),
  /** Null unpins. */
  pinBaseline: z.object({ runId: z.string().min(1).nullable() }),
  /** For some minutes `restoreRun` has it back. */
  deleteRun: runId,
  restoreRun: runId,
  /** The text of a `results.json`, with the name of its file. */
  importRun: importedFile.extend({ text: z.string() }),
  /** A bundle, in base64, with the name of its file. */
  importBundle: importedFile.extend({ base64: z.string() }),
  /** The first is the base. */
  compareRuns: z.object({ runIds: z.array(z.string().min(1)).min(2).max(mostComparedRuns) }),
} as const satisfies Record<keyof Responses, z.ZodType>

/** What it gets: the host's word, not checked again. */
export interface Responses {
  planRun: RunPlan
  startRun: { runId: string }
  stopRun: null
  installEngine: null
  cancelInstall: null
  startDoctor: null
  stopDoctor: null
  listRuns: RunList
  listExamples: HistoryEntry[]
  openRun: OpenedRun
  readResults: Results
  analyseRun: RunAnalysis
  explainRun: ExplainedMeasurement[]
  readSteps: ExplainedStep[]
  readStepPictures: StepPictures
  readReport: Report
  exportRun: ExportedFile
  readRecording: RecordingPart
  describeRun: { entry: HistoryEntry; baseline: HistoryEntry | null }
  labelRun: RunLabel
  pinBaseline: null
  deleteRun: null
  restoreRun: null
  importRun: { runId: string }
  importBundle: { runId: string }
  compareRuns: RunComparison
}

export type CommandName = keyof Responses

export type RequestOf<Name extends CommandName> = z.infer<(typeof requestSchemas)[Name]>

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(requestSchemas, name)
}

export interface RunPlan {
  measurements: MeasurementSummary[]
  notes: string[]
  /** Null where nothing is known to expect it from, or nothing will be measured. */
  expectedTime: ExpectedTime | null
  /** What is fetched first, in time that is not expected: nobody knows the network. */
  downloadBytes: number
}

export interface RunList {
  runs: HistoryEntry[]
  /** How many the search found in all. */
  total: number
  /** Of these, how many ship with Tandem. */
  examples: number
  /** What there is to filter by in each column, of all runs. */
  choices: Partial<Record<HistoryColumnId, string[]>>
  /** Whatever was searched for; null where none is pinned. */
  baseline: HistoryEntry | null
}

export interface OpenedRun {
  summary: HistoryEntry
  /** As its recording tells it; null where there is no recording to read. */
  run: LiveRunSnapshot | null
}

export interface ExportedFile {
  fileName: string
  mediaType: string
  base64: string
  /** What was given up to make it, in a sentence each. */
  notes: string[]
}

export interface RecordingPart {
  events: RecordedEvent[]
  /** Where the next part begins; null after the last. */
  next: number | null
}

export type StepPictures =
  | {
      kind: 'pictures'
      /** [N, 32, 32, 3] bytes in base64, rank after rank. */
      pixels: string
      /** How many are of each rank. */
      ranks: number[]
    }
  | { kind: 'missing'; reason: string }
